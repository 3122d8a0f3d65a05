import HTTPCore

/// Which responses are coded, and how.
package struct CompressionPolicy: Sendable {
  /// A coding with the level that it is applied at.
  package struct Offer: Sendable, Equatable {
    package let coding: Coding
    package let level: Int

    /// - Parameter level: nil for the coding's own for content that somebody waits for.
    package init(_ coding: Coding, level: Int? = nil) {
      self.coding = coding
      self.level = level ?? coding.quickLevel
    }
  }

  /// The server's preference among those that a client likes equally.
  package let offers: [Offer]
  package let types: MediaTypePatterns
  /// Content of fewer bytes is left alone: it fits into one packet as it is.
  package let minimumSize: Int
  private let codings: [Coding]

  package init(offers: [Offer], types: MediaTypePatterns, minimumSize: Int) {
    self.offers = offers
    self.types = types
    self.minimumSize = minimumSize
    codings = offers.map(\.coding)
  }

  /// What is done with a response.
  package enum Decision: Sendable, Equatable {
    /// It is not ours to code, whatever the request says.
    case untouched
    /// Another request might have got it coded: it varies.
    case identity
    case coded(Offer)
  }

  /// - Parameters:
  ///   - size: Of the content, in bytes, where it is known.
  package func decide(_ head: ResponseHead, _ accepted: AcceptedCodings, size: Int64?) -> Decision {
    guard ResponseTraits(head).allowCoding(by: types, isNotModified: head.status == .notModified) else {
      return .untouched
    }
    guard let coding = accepted.choose(from: codings),
      let offer = offers.first(where: { $0.coding == coding })
    else { return .identity }
    if head.status == .notModified { return .coded(offer) }
    guard head.status.allowsBody else { return .untouched }
    // Of an unknown size there may be any amount.
    let isWorthIt = size.map { $0 > 0 && ($0 >= minimumSize || accepted.refusesIdentity) } ?? true
    return isWorthIt ? .coded(offer) : .identity
  }
}
