import FuzzSupport
import HTTPCore

@testable import HTTPServer

/// Whole connections: requests, answers, half-closes, time-outs and drains. Each request that was understood has one
/// answer, in order, that ends where its head says; how the bytes are cut changes nothing.
@c(LLVMFuzzerTestOneInput)
public func fuzzConnection(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let input = FuzzInput(start, count) else { return 0 }
  let site = sites[Int(input.choice & 3) % sites.count]
  let (endsInput, drains) = (input.chooses(4), input.chooses(5))
  let whole = Visit(input.bytes, sizes: [], to: site, endsInput: endsInput, drains: drains)
  let size = input.chooses(3) ? 1 : 1 + input.bytes.count / 3
  let sizes = Array(repeating: size, count: input.bytes.count / size)
  let cut = Visit(input.bytes, sizes: sizes, to: site, endsInput: endsInput, drains: drains)

  requireEqual(whole.requests, cut.requests, "requests, whole and cut in \(size)")
  requireEqual(whole.rejections, cut.rejections, "rejections, whole and cut in \(size)")
  let answers = Answers(of: whole)
  requireEqual(answers.comparable, Answers(of: cut).comparable, "answers, whole and cut in \(size)")
  require(whole.isOver && cut.isOver, "no connection stays for ever")
  require(whole.handler == nil && cut.handler == nil, "nothing holds a connection that is over")
  return 0
}

/// The defaults; limits that an input can exceed; a site behind a proxy.
private let sites = [
  Site { _ in },
  Site {
    $0.limits = .tight
    $0.requestsPerConnection = 3
  },
  Site { $0.proxyProtocolPeers = TrustedPeers(includesUnixSockets: true) },
]
