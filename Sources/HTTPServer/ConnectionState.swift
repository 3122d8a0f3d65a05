/// Where a connection stands between its requests and responses: a value that says what to do next.
///
/// One request at a time is being answered; what a client sends behind it waits. The connection's handler does
/// the I/O, this decides, and its tests need neither sockets nor Python.
struct ConnectionState: Equatable {
  enum Request: Equatable {
    /// Between requests, or within a head.
    case head
    /// The head is done and the body is not.
    case body(BodyUse)
    /// All of it has been received.
    case complete
    /// Nothing that still comes in means anything (RFC 9112, section 9.6): malformed, or no longer wanted.
    case closed
  }

  /// What happens to body bytes that arrive.
  enum BodyUse: Equatable {
    /// Nobody has asked for it yet: it stays unread.
    case held
    case collect
    /// The application reads it as it comes, before its response and while it is being sent.
    case stream
    /// The response did without it.
    case discard
  }

  enum Response: Equatable {
    case none
    /// A request is being answered, and no byte of the answer has been written.
    case owed
    case started
  }

  private(set) var request = Request.head
  private(set) var response = Response.none
  /// Whether another request may follow on this connection.
  private(set) var isPersistent = true
  /// The client waits for `100 Continue` before it sends the body.
  private(set) var continueDue = false
  /// The client has sent its FIN. It may still be reading.
  private(set) var inputHasEnded = false
  private(set) var isDraining = false

  /// No request is being received or answered.
  var isIdle: Bool { request == .head && response == .none }

  /// Between requests, and nothing stands against another one after the next.
  var isOpen: Bool { isIdle && isPersistent && !inputHasEnded && !isDraining }

  /// The answer that is owed can go out without another look at the connection, which goes on behind it.
  var allowsDirectOutput: Bool {
    request == .complete && response == .owed && isPersistent && !inputHasEnded && !isDraining
  }
}

// MARK: - The request

extension ConnectionState {
  mutating func receivedHead(hasBody: Bool, isPersistent: Bool, expectsContinue: Bool) {
    request = hasBody ? .body(.held) : .complete
    response = .owed
    self.isPersistent = isPersistent
    continueDue = hasBody && expectsContinue
  }

  enum CollectAction: Equatable {
    /// There is nothing more to receive.
    case deliver
    case read(sendContinue: Bool)
    /// The body can't be had any more.
    case unavailable
  }

  /// The handler of the request wants its body.
  mutating func collectBody(bodyHasBegun: Bool, as use: BodyUse = .collect) -> CollectAction {
    switch request {
    case .complete: return .deliver
    case .body(.held):
      request = .body(use)
      // RFC 9110, section 10.1.1: it may be left out once some of the body has arrived.
      let sendContinue = continueDue && !bodyHasBegun
      continueDue = false
      return .read(sendContinue: sendContinue)
    case .head, .body, .closed: return .unavailable
    }
  }

  enum BodyEndAction: Equatable {
    case deliver
    case nextRequest
    case linger
    case nothing
  }

  mutating func receivedBodyEnd() -> BodyEndAction {
    guard case .body(let use) = request else { return .nothing }
    request = .complete
    switch use {
    case .collect, .stream: return .deliver
    case .discard: return response == .none ? afterExchange() : .nothing
    case .held: return .nothing
    }
  }
}

// MARK: - The response

extension ConnectionState {
  /// A final response is about to begin.
  ///
  /// - Parameters:
  ///   - canDiscardBody: whether what is unread of the request's body is small enough to be read and dropped.
  ///   - endsWithConnection: whether only the end of the connection tells the end of the response.
  ///   - isWhole: whether all of it is there: nobody is going to read more of the request's body.
  /// - Returns: whether the connection stays open after it, which the response's head must say.
  mutating func startResponse(
    canDiscardBody: Bool,
    endsWithConnection: Bool,
    isWhole: Bool = false
  ) -> Bool {
    response = .started
    if endsWithConnection || isDraining || request == .closed {
      isPersistent = false
    }
    if request == .body(.stream), isWhole, !canDiscardBody { isPersistent = false }
    if case .body(let use) = request, use != .stream {
      // A client that still waits for `100 Continue` may or may not send its body now: there is no telling
      // where the next request would begin.
      if continueDue || !canDiscardBody { isPersistent = false }
      if use != .discard { request = isPersistent ? .body(.discard) : .closed }
    }
    return isPersistent
  }

  enum EndAction: Equatable {
    case nextRequest
    /// What is left of the request's body comes first.
    case discardBody
    case linger
  }

  /// - Parameter canDiscardBody: as for ``startResponse(canDiscardBody:endsWithConnection:isWhole:)``.
  mutating func endResponse(canDiscardBody: Bool) -> EndAction {
    response = .none
    if request == .body(.stream) {
      // What the application has not read.
      request = isPersistent && canDiscardBody ? .body(.discard) : .closed
      if request == .closed { return .linger }
    }
    if case .body = request { return .discardBody }
    return afterExchange() == .nextRequest ? .nextRequest : .linger
  }

  private mutating func afterExchange() -> BodyEndAction {
    guard isPersistent, !isDraining, request == .complete else {
      request = .closed
      return .linger
    }
    request = .head
    return .nextRequest
  }
}

// MARK: - Faults and endings

extension ConnectionState {
  enum RejectAction: Equatable {
    /// Answer with the status, then close.
    case answer
    /// An answer has begun already: cut it.
    case abort
    /// It has been answered in full: another answer would be taken for the next request's.
    case linger
    case nothing
  }

  /// What was received is malformed or beyond a limit. Nothing after it is parsed.
  mutating func reject() -> RejectAction {
    guard request != .closed else { return .nothing }
    let wasDiscarding = request == .body(.discard)
    request = .closed
    isPersistent = false
    // The answer did without the body: a fault in it only means that no other request can follow.
    if wasDiscarding { return response == .none ? .linger : .nothing }
    return response == .started ? .abort : .answer
  }

  enum InputEndAction: Equatable {
    case close
    /// The client has half-closed. What it has sent before is still to be read, or to be answered.
    case wait
  }

  mutating func endInput() -> InputEndAction {
    inputHasEnded = true
    switch request {
    // What it has pipelined may wait for room to be answered.
    case .head, .body, .complete: return .wait
    case .closed: return response == .none ? .close : .wait
    }
  }

  /// - Returns: whether the connection can be closed at once.
  mutating func drain(headHasBegun: Bool) -> Bool {
    isDraining = true
    return isIdle && !headHasBegun
  }
}
