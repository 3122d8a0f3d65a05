import Glibc
import NIOCore

// Parts of messages.

/// What the system says of an error.
package func errorText(_ code: CInt) -> String {
  String(cString: strerror(code))
}

/// Why reading, writing or accepting has failed, in words.
func reasonText(_ error: any Error) -> String {
  switch error {
  case let error as IOError: errorText(error.errnoCode)
  case is ChannelError: "it was closed while something was still to be read or written"
  default: "\(error)"
  }
}

package func byteText(_ count: some BinaryInteger) -> String {
  count == 1 ? "1 byte" : "\(count) bytes"
}
