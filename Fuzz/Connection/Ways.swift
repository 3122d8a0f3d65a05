import HTTPCore
import NIOCore

@testable import HTTPServer

/// What an application does with a request: its path's first letter says.
enum Way: UInt8 {
  case echo = 0x65  // e
  case stream = 0x73  // s
  case lengthOfTwo = 0x6C  // l
  case withoutBody = 0x6E  // n
  case tooShort = 0x78  // x
  case broken = 0x66  // f
  case later = 0x70  // p
  case readWhileArriving = 0x62  // b
  case hinted = 0x69  // i
  case noContent = 0x30  // 0
  case notModified = 0x34  // 4
  case fault = 0x35  // 5
  case declined = 0x64  // d
  case twice = 0x71  // q

  init(_ exchange: Exchange) {
    let path = exchange.head.pathSpan.map { exchange.string($0) } ?? ""
    self = path.utf8.dropFirst().first.flatMap(Way.init(rawValue:)) ?? .echo
  }

  /// It ends before its end.
  var isBroken: Bool { self == .tooShort || self == .broken }
}

extension Exchange {
  func answer(_ way: Way) {
    switch way {
    case .echo: collectBody { $0.echo() }
    case .stream:
      post(.head(ResponseHead(status: .ok)))
      post(.data(ByteBuffer(string: "one ")))
      post(.data(ByteBuffer(string: "two")))
      post(.end)
    case .lengthOfTwo: postDeclared("abc", length: 2)
    case .tooShort: postDeclared("abc", length: 4)
    case .withoutBody: respond(ResponseHead(status: .ok), .bytes(ByteBuffer(string: "no body")))
    case .broken:
      post(.head(ResponseHead(status: .ok)))
      post(.data(ByteBuffer(string: "abc")))
      post(.fail(.internalServerError))
    case .later: break
    case .readWhileArriving:
      streamBody()
      respond(ResponseHead(status: .ok), .bytes(ByteBuffer(string: "unread")))
    case .hinted:
      post(.interim(ResponseHead(status: .earlyHints)))
      collectBody { $0.echo() }
    case .noContent: respond(ResponseHead(status: .noContent), .none)
    case .notModified: postDeclared("", length: 5, status: .notModified)
    case .fault: post(.fail(.badGateway))
    case .declined: decline()
    case .twice:
      respond(ResponseHead(status: .ok), .bytes(ByteBuffer(string: "first")))
      respond(ResponseHead(status: .ok), .bytes(ByteBuffer(string: "second")))
    }
  }

  /// The target and the body, as they have been understood.
  func echo() {
    var text = string(head.targetSpan)
    if case .memory(let body) = body {
      text += " " + body.readableBytesView.map { String($0) }.joined(separator: " ")
    }
    // As from another thread: in its turn, behind what was posted before.
    post(.whole(ResponseHead(status: .ok), .bytes(ByteBuffer(string: text))))
  }

  private func postDeclared(_ text: String, length: Int64, status: HTTPStatus = .ok) {
    var head = ResponseHead(status: status)
    head.fields.setContentLength(length)
    post(.head(head))
    if !text.isEmpty { post(.data(ByteBuffer(string: text))) }
    post(.end)
  }
}
