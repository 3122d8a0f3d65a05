import HTTPCore
import HTTPServer

extension Exchange {
  /// Whether a browser asks for a page to show, and not for a part of one, a script's data or a picture.
  ///
  /// Browsers say so (`Sec-Fetch-Mode`, of the Fetch Metadata specification). Where nobody does, a client that names
  /// `text/html` among what it accepts wants a page; `*/*` alone, which curl and scripts send, is no wish.
  var isNavigation: Bool {
    headBytes.withUnsafeReadableBytes { buffer in
      let bytes = buffer.bytes
      if let mode = head.first(.secFetchMode) { return bytes.equalsIgnoringCase(mode.range, "navigate") }
      return head.fields.contains { $0.known == .accept && AcceptedMedia.names("text/html", bytes, $0.value) }
    }
  }
}
