import HTTPCore
import Testing

@Suite("Fields of responses")
struct HeaderBlockTests {
  private static func fault(_ name: String, _ value: String, in block: inout HeaderBlock) -> HeaderFault? {
    let name = [UInt8](latin1: name)
    let value = [UInt8](latin1: value)
    do throws(HeaderFault) {
      try block.appendChecked(name: name.span.bytes, value: value.span.bytes)
      return nil
    } catch {
      return error
    }
  }

  @Test("fields of the application are written as they are, in order")
  func accepted() {
    var block = HeaderBlock()
    for (name, value) in [
      ("X-A", "1"), ("x-a", ""), ("Set-Cookie", "a=\"b\"; Path=/"), ("X-L", "\u{e9}\t\u{ff}"),
    ] {
      #expect(Self.fault(name, value, in: &block) == nil)
    }
    #expect(block.bytes.latin1 == "X-A: 1\r\nx-a: \r\nSet-Cookie: a=\"b\"; Path=/\r\nX-L: \u{e9}\t\u{ff}\r\n")
  }

  @Test(
    "a header that would split the response is refused, and nothing of it is kept (SwiftNIO CVE-2022-3215)"
  )
  func splitting() {
    var block = HeaderBlock()
    for name in ["", "X Y", "X:", "X\r\nY", "X\n", "X\0", "X\u{e9}", " X", "X\t", "(X)"] {
      #expect(Self.fault(name, "1", in: &block) == .invalidName, "\(name.debugDescription)")
    }
    for value in [
      "\r\n", "a\nb", "a\rb", "a\0b", "a\u{b}b", "a\u{7f}", "12345678\n", "1234567\r\nX: y", "\u{1b}[0m",
    ] {
      #expect(Self.fault("X", value, in: &block) == .invalidValue, "\(value.debugDescription)")
      #expect(Self.fault("Content-Length", value, in: &block) == .invalidValue)
    }
    #expect(block == HeaderBlock())
  }

  @Test("hop-by-hop fields are the server's")
  func hopByHop() {
    var block = HeaderBlock()
    for name in [
      "Connection", "keep-alive", "Proxy-Authenticate", "PROXY-Authorization", "Proxy-Connection",
      "Proxy-Authentication-Info", "TE",
      "Trailer", "Transfer-Encoding", "Upgrade",
    ] {
      #expect(Self.fault(name, "x", in: &block) == .hopByHop, "\(name)")
    }
    // RFC 9209: Proxy-Status is for whoever reads the response.
    for name in ["Proxy", "Proxy-Status"] { #expect(Self.fault(name, "x", in: &block) == nil, "\(name)") }
  }

  @Test("Content-Length is noted and not written; it is digits, once")
  func contentLength() {
    var block = HeaderBlock()
    for bad in ["", "-1", "+1", "1,1", " 1", "0x1", "9223372036854775808"] {
      #expect(Self.fault("Content-Length", bad, in: &block) == .invalidContentLength, "\(bad)")
    }
    #expect(Self.fault("content-LENGTH", "42", in: &block) == nil)
    #expect(Self.fault("Content-Length", "42", in: &block) == .repeatedContentLength)
    #expect(block.contentLength == 42)
    #expect(block.bytes.isEmpty)
    block.setContentLength(nil)
    #expect(block.contentLength == nil)
  }

  @Test("fields that the server would add itself are noted in any case")
  func notes() {
    var block = HeaderBlock()
    #expect(!block.hasDate && !block.hasServer && !block.hasContentType && !block.hasConnection)
    for name in ["DATE", "server", "Content-type", "content-encoding"] {
      #expect(Self.fault(name, "x", in: &block) == nil)
    }
    #expect(block.hasDate && block.hasServer && block.hasContentType && block.hasContentEncoding)
    block.append(name: "Connection", value: "upgrade")
    #expect(block.hasConnection)
    block.removeAll()
    #expect(block == HeaderBlock())
  }

  @Test("the server's own fields take any kind of value")
  func trusted() {
    var block = HeaderBlock()
    block.append(name: "A", value: "static" as StaticString)
    block.append(name: "B", value: "string \(1)")
    block.append(name: "C", value: Int64.max)
    block.append(name: "D", value: Array("bytes".utf8))
    block.append(name: Array("E".utf8), value: Array("x".utf8))
    block.append(name: "Content-Length", value: Int64(7))
    #expect(
      block.bytes.latin1 == "A: static\r\nB: string 1\r\nC: 9223372036854775807\r\nD: bytes\r\nE: x\r\n"
    )
    #expect(block.contentLength == 7)
  }
}
