import FuzzSupport
import HTTPCore

/// Request heads: one verdict however they are cut, spans within the head, and the framing that a simple reader sees.
@c(LLVMFuzzerTestOneInput)
public func fuzzHead(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let input = FuzzInput(start, count) else { return 0 }
  let reading = HeadReading(bytes: input.bytes, limits: input.chooses(0) ? .tight : HTTPLimits())
  let verdict = reading.verdict(endingAt: [input.bytes.count])
  requireEqual(verdict, reading.verdict(endingAt: Array(0...input.bytes.count)), "byte by byte")
  requireEqual(verdict, reading.verdict(endingAt: input.cuts + [input.bytes.count]), "cut at \(input.cuts)")
  switch verdict {
  case .incomplete: break
  case .rejected(let rejection): reading.checkThatNothingFollows(rejection)
  case .complete(let head, let length):
    let whole = Array(input.bytes.prefix(length))
    requireEqual(verdict, reading.verdict(endingAt: [length]), "without what follows")
    checkSpans(of: head, in: whole)
    checkFields(of: head, in: whole)
    checkMeaning(of: head, in: whole)
  }
  return 0
}
