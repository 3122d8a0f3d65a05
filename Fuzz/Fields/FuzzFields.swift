import FuzzSupport
import HTTPCore

/// What is written into responses, and what is read of proxies and addresses.
@c(LLVMFuzzerTestOneInput)
public func fuzzFields(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard let input = FuzzInput(start, count) else { return 0 }
  switch input.choice & 3 {
  case 0:
    let (isHead, isOld, keepAlive) = (input.chooses(2), input.chooses(3), input.chooses(4))
    checkResponse(input.bytes, isHead: isHead, isOld: isOld, keepAlive: keepAlive)
  case 1: checkProxyHeader(input.bytes)
  default: checkAddress(String(decoding: input.bytes, as: UTF8.self))
  }
  return 0
}

/// A header of the PROXY protocol has one verdict however it is cut, and none before it is whole.
private func checkProxyHeader(_ bytes: [UInt8]) {
  let whole = ProxyHeader.parse(bytes.span.bytes)
  for end in 0..<bytes.count {
    let part = ProxyHeader.parse(bytes.span.bytes.extracting(0..<end))
    if part != .needMore { return requireEqual(part, whole, "cut at \(end)") }
  }
  if case .complete(_, let length) = whole { requireEqual(length, bytes.count, "decided at its last byte") }
}

private func checkAddress(_ text: String) {
  if let address = NetworkAddress(text) {
    requireEqual(NetworkAddress(address.description), address, "an address can be read again")
    requireEqual(address.network.network, address.network, "a network is its own")
  }
  if let block = AddressBlock(text), let base = text.split(separator: "/").first {
    require(NetworkAddress(String(base)).map(block.contains) == true, "a block has its own address")
  }
}
