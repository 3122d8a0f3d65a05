/// A content coding that can be applied here (RFC 9110, section 8.4.1).
package enum Coding: UInt8, Sendable, CaseIterable {
  /// RFC 7932
  case brotli
  /// RFC 8878; windows as RFC 9659 bounds them
  case zstd
  /// RFC 1952
  case gzip

  /// The name in `Accept-Encoding` and `Content-Encoding`.
  package var token: StaticString {
    switch self {
    case .brotli: "br"
    case .zstd: "zstd"
    case .gzip: "gzip"
    }
  }

  /// What a file's name ends in that holds another file's content in this coding.
  package var fileExtension: StaticString {
    switch self {
    case .brotli: ".br"
    case .zstd: ".zst"
    case .gzip: ".gz"
    }
  }

  /// The levels that the library knows. Zstandard's above 19 take more memory than a browser has to grant.
  package var levels: ClosedRange<Int> {
    switch self {
    case .brotli: 0...11
    case .zstd: 1...19
    case .gzip: 1...9
    }
  }

  /// The level for content that somebody waits for.
  package var quickLevel: Int {
    switch self {
    case .brotli: 4
    case .zstd: 3
    case .gzip: 5
    }
  }

  /// The level for content that is coded once and sent often.
  package var bestLevel: Int { levels.upperBound }
}
