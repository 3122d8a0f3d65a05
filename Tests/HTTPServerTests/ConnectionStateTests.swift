import Testing

@testable import HTTPServer

@Suite("Connection state")
struct ConnectionStateTests {
  /// A state in which a request's head has just been received.
  private func received(
    hasBody: Bool = false,
    isPersistent: Bool = true,
    expectsContinue: Bool = false
  ) -> ConnectionState {
    var state = ConnectionState()
    state.receivedHead(hasBody: hasBody, isPersistent: isPersistent, expectsContinue: expectsContinue)
    return state
  }

  @Test func aRequestWithoutABodyIsAnsweredAndTheNextOneFollows() {
    var state = received()
    let result1 = state.collectBody(bodyHasBegun: false)
    #expect(result1 == .deliver)
    let result2 = state.startResponse(canDiscardBody: true, endsWithConnection: false)
    #expect(result2)
    let result3 = state.endResponse(canDiscardBody: true)
    #expect(result3 == .nextRequest)
    #expect(state.isIdle)
  }

  @Test func aBodyIsReadWhenItIsAskedFor() {
    var state = received(hasBody: true)
    let result4 = state.collectBody(bodyHasBegun: false)
    #expect(result4 == .read(sendContinue: false))
    let result5 = state.receivedBodyEnd()
    #expect(result5 == .deliver)
    let result6 = state.startResponse(canDiscardBody: true, endsWithConnection: false)
    #expect(result6)
    let result7 = state.endResponse(canDiscardBody: true)
    #expect(result7 == .nextRequest)
  }

  @Test func continueIsSentOnlyWhereTheClientWaitsForIt() {
    var waiting = received(hasBody: true, expectsContinue: true)
    let result8 = waiting.collectBody(bodyHasBegun: false)
    #expect(result8 == .read(sendContinue: true))
    var early = received(hasBody: true, expectsContinue: true)
    let result9 = early.collectBody(bodyHasBegun: true)
    #expect(result9 == .read(sendContinue: false))
    var bodiless = received(hasBody: false, expectsContinue: true)
    let result10 = bodiless.collectBody(bodyHasBegun: false)
    #expect(result10 == .deliver)
  }

  @Test func anUnreadSmallBodyIsDiscardedAndTheConnectionKept() {
    var state = received(hasBody: true)
    let result11 = state.startResponse(canDiscardBody: true, endsWithConnection: false)
    #expect(result11)
    let result12 = state.endResponse(canDiscardBody: true)
    #expect(result12 == .discardBody)
    let result13 = state.receivedBodyEnd()
    #expect(result13 == .nextRequest)
    #expect(state.isIdle)
  }

  @Test func aDiscardedBodyMayEndBeforeTheResponseDoes() {
    var state = received(hasBody: true)
    _ = state.startResponse(canDiscardBody: true, endsWithConnection: false)
    let result14 = state.receivedBodyEnd()
    #expect(result14 == .nothing)
    let result15 = state.endResponse(canDiscardBody: true)
    #expect(result15 == .nextRequest)
  }

  @Test func anUnreadLargeBodyEndsTheConnection() {
    var state = received(hasBody: true)
    let result16 = state.startResponse(canDiscardBody: false, endsWithConnection: false)
    #expect(!result16)
    let result17 = state.endResponse(canDiscardBody: true)
    #expect(result17 == .linger)
    #expect(state.request == .closed)
  }

  @Test func aClientThatStillWaitsForContinueMakesTheNextRequestUnfindable() {
    var state = received(hasBody: true, expectsContinue: true)
    let result18 = state.startResponse(canDiscardBody: true, endsWithConnection: false)
    #expect(!result18)
    let result19 = state.endResponse(canDiscardBody: true)
    #expect(result19 == .linger)
  }

  @Test func aResponseWithoutALengthEndsTheConnection() {
    var state = received()
    let result20 = state.startResponse(canDiscardBody: true, endsWithConnection: true)
    #expect(!result20)
    let result21 = state.endResponse(canDiscardBody: true)
    #expect(result21 == .linger)
  }

  @Test func aClientThatWantsToCloseIsClosed() {
    var state = received(isPersistent: false)
    let result22 = state.startResponse(canDiscardBody: true, endsWithConnection: false)
    #expect(!result22)
    let result23 = state.endResponse(canDiscardBody: true)
    #expect(result23 == .linger)
  }

  @Test func aMalformedRequestIsAnsweredOnceAndNothingFollows() {
    var state = ConnectionState()
    let result24 = state.reject()
    #expect(result24 == .answer)
    #expect(state.request == .closed)
    let result25 = state.reject()
    #expect(result25 == .nothing)
  }

  @Test func aFaultInABodyThatIsDiscardedLetsTheAnswerFinish() {
    var state = received(hasBody: true)
    _ = state.startResponse(canDiscardBody: true, endsWithConnection: false)
    let action = state.reject()
    #expect(action == .nothing)
    let end = state.endResponse(canDiscardBody: true)
    #expect(end == .linger)
  }

  @Test func aFaultInABodyThatIsOnlyDiscardedGetsNoSecondAnswer() {
    var state = received(hasBody: true)
    _ = state.startResponse(canDiscardBody: true, endsWithConnection: false)
    _ = state.endResponse(canDiscardBody: true)
    let action = state.reject()
    #expect(action == .linger)
  }

  @Test func theEndOfInputBetweenRequestsIsForWhatWasPipelinedToWaitFor() {
    var state = ConnectionState()
    let result27 = state.endInput()
    #expect(result27 == .wait)
  }

  @Test func aHalfClosedClientGetsItsAnswerFirst() {
    var state = received()
    let result28 = state.endInput()
    #expect(result28 == .wait)
    // Requests that it sent before may wait behind this one.
    let result29 = state.startResponse(canDiscardBody: true, endsWithConnection: false)
    #expect(result29)
    let result30 = state.endResponse(canDiscardBody: true)
    #expect(result30 == .nextRequest)
    #expect(state.isIdle && state.inputHasEnded)
  }

  @Test func inputThatEndsWithinABodyMayHaveBroughtAllOfIt() {
    var state = received(hasBody: true)
    _ = state.collectBody(bodyHasBegun: false)
    let result31 = state.endInput()
    #expect(result31 == .wait)
  }

  @Test func drainingClosesWhatIsIdleAndLetsTheRestFinish() {
    var idle = ConnectionState()
    let result32 = idle.drain(headHasBegun: false)
    #expect(result32)
    var partial = ConnectionState()
    let result33 = partial.drain(headHasBegun: true)
    #expect(!result33)
    var busy = received()
    let result34 = busy.drain(headHasBegun: false)
    #expect(!result34)
    let result35 = busy.startResponse(canDiscardBody: true, endsWithConnection: false)
    #expect(!result35)
    let result36 = busy.endResponse(canDiscardBody: true)
    #expect(result36 == .linger)
  }

  /// A state whose request's body is being read by the application while it arrives.
  private func streaming() -> ConnectionState {
    var state = ConnectionState()
    state.receivedHead(hasBody: true, isPersistent: true, expectsContinue: false)
    _ = state.collectBody(bodyHasBegun: false, as: .stream)
    return state
  }

  @Test func aBodyThatIsStreamedIsReadOnAfterTheResponseHasBegun() {
    var state = streaming()
    let staysOpen = state.startResponse(canDiscardBody: false, endsWithConnection: false)
    #expect(staysOpen)
    #expect(state.request == .body(.stream))
    let end = state.receivedBodyEnd()
    #expect(end == .deliver)
    let next = state.endResponse(canDiscardBody: true)
    #expect(next == .nextRequest)
  }

  @Test(arguments: [true, false])
  func whatIsLeftOfAStreamIsDiscardedWithinABoundOrEndsTheConnection(canDiscard: Bool) {
    var state = streaming()
    _ = state.startResponse(canDiscardBody: canDiscard, endsWithConnection: false)
    let end = state.endResponse(canDiscardBody: canDiscard)
    #expect(end == (canDiscard ? .discardBody : .linger))
    #expect(state.request == (canDiscard ? .body(.discard) : .closed))
  }

  @Test(arguments: [true, false])
  func aWholeAnswerSaysThatWhatIsLeftOfAStreamIsTooMuch(canDiscard: Bool) {
    var state = streaming()
    let staysOpen = state.startResponse(canDiscardBody: canDiscard, endsWithConnection: false, isWhole: true)
    #expect(staysOpen == canDiscard)
  }

  @Test func aStreamThatTheClientWasNotAskedForEndsWithTheResponse() {
    var state = ConnectionState()
    state.receivedHead(hasBody: true, isPersistent: true, expectsContinue: true)
    let staysOpen = state.startResponse(canDiscardBody: true, endsWithConnection: false)
    #expect(!staysOpen)
    let late = state.collectBody(bodyHasBegun: false, as: .stream)
    #expect(late == .unavailable)
  }

  @Test func anAnswerGoesOutDirectlyOnlyWhereNothingElseIsToBeSaid() {
    #expect(received().allowsDirectOutput)
    #expect(!ConnectionState().allowsDirectOutput)
    #expect(!received(hasBody: true).allowsDirectOutput)
    #expect(!received(isPersistent: false).allowsDirectOutput)
    var started = received()
    _ = started.startResponse(canDiscardBody: true, endsWithConnection: false)
    #expect(!started.allowsDirectOutput)
    var halfClosed = received()
    _ = halfClosed.endInput()
    #expect(!halfClosed.allowsDirectOutput)
    var draining = received()
    _ = draining.drain(headHasBegun: false)
    #expect(!draining.allowsDirectOutput)
  }
}
