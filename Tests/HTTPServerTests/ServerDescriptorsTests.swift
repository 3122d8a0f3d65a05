import Glibc
import Testing

@testable import HTTPServer

@Suite("Descriptors of the server")
struct ServerDescriptorsTests {
  private func newSocket() -> CInt { socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) }

  private func isNoted(_ descriptor: CInt) -> Bool {
    var isNoted = false
    ServerDescriptors.forEach { if $0 == descriptor { isNoted = true } }
    return isNoted
  }

  @Test func aSocketIsNotedUntilItIsForgotten() {
    let descriptor = newSocket()
    defer { close(descriptor) }
    let entry = ServerDescriptors.insert(descriptor)
    #expect(isNoted(descriptor))
    ServerDescriptors.remove(entry)
    #expect(!isNoted(descriptor))
  }

  /// The number of a socket that has been closed, which we have not heard of yet.
  @Test func aNumberThatHasBecomeAnotherFilesIsNotOurs() {
    let descriptor = newSocket()
    let entry = ServerDescriptors.insert(descriptor)
    let other = newSocket()
    dup2(other, descriptor)
    #expect(!isNoted(descriptor))
    ServerDescriptors.remove(entry)
    close(other)
    close(descriptor)
  }

  @Test func whoComesToAFreedNumberIsNotForgottenInTheOldOnesPlace() {
    let descriptor = newSocket()
    let old = ServerDescriptors.insert(descriptor)
    let other = newSocket()
    dup2(other, descriptor)
    let new = ServerDescriptors.insert(descriptor)
    ServerDescriptors.remove(old)
    #expect(isNoted(descriptor))
    ServerDescriptors.remove(new)
    #expect(!isNoted(descriptor))
    close(other)
    close(descriptor)
  }

  @Test(arguments: [-1, .max]) func whatIsNoSocketIsNotNoted(_ descriptor: CInt) {
    ServerDescriptors.remove(ServerDescriptors.insert(descriptor))
    #expect(!isNoted(descriptor))
  }
}
