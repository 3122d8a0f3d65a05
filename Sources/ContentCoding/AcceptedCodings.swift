import HTTPCore

/// What a client says of content codings, by its `Accept-Encoding` fields (RFC 9110, section 12.5.3).
///
///     Accept-Encoding  = #( codings [ weight ] )
///     codings          = content-coding / "identity" / "*"
///
/// One pass over fields that the limits of the request head bound. Where a coding is named twice, the first counts.
package struct AcceptedCodings: Sendable, Equatable {
  // Weights in thousandths; nil for what is not named.
  private var brotli, zstd, gzip, identity, others: Int?

  /// Without the field any coding would be acceptable; but who says nothing of codings rarely decodes any.
  package init() {}

  /// - Parameter bytes: Those that the spans of the head are relative to.
  package init(_ head: borrowing RequestHead, _ bytes: RawSpan) {
    var isFirst = true
    for field in head.fields where field.known == .acceptEncoding {
      if !isFirst || !isUsual(bytes, field.value.range) { note(bytes, field.value) }
      isFirst = false
    }
  }

  /// Takes the values that browsers send as they stand: most requests have one of them, and to take it apart costs more
  /// than all the rest of a choice. Only of the first field, which nothing has been said before.
  private mutating func isUsual(_ bytes: RawSpan, _ value: Range<Int>) -> Bool {
    if bytes.equals(value, "gzip, deflate, br, zstd") {
      (gzip, brotli, zstd) = (1000, 1000, 1000)
    } else if bytes.equals(value, "gzip, deflate, br") || bytes.equals(value, "gzip, br") {
      (gzip, brotli) = (1000, 1000)
    } else if bytes.equals(value, "gzip, deflate") || bytes.equals(value, "gzip") {
      gzip = 1000
    } else {
      return false
    }
    return true
  }

  private mutating func note(_ bytes: RawSpan, _ value: FieldSpan) {
    var list = FieldList(value)
    while let element = list.next(in: bytes) {
      let name = QualityValue.subject(bytes, element)
      note(bytes, name, QualityValue(bytes, parameters: name.upperBound..<element.upperBound).thousandths)
    }
  }

  private mutating func note(_ bytes: RawSpan, _ name: Range<Int>, _ weight: Int) {
    if bytes.equalsIgnoringCase(name, "gzip") || bytes.equalsIgnoringCase(name, "x-gzip") {
      gzip = gzip ?? weight
    } else if bytes.equalsIgnoringCase(name, "br") {
      brotli = brotli ?? weight
    } else if bytes.equalsIgnoringCase(name, "zstd") {
      zstd = zstd ?? weight
    } else if bytes.equalsIgnoringCase(name, "identity") {
      identity = identity ?? weight
    } else if bytes.equals(name, "*") {
      others = others ?? weight
    }
  }

  /// In thousandths; 0 for what is not acceptable.
  package func weight(of coding: Coding) -> Int {
    let named =
      switch coding {
      case .brotli: brotli
      case .zstd: zstd
      case .gzip: gzip
      }
    return named ?? others ?? 0
  }

  /// Content without a coding is not acceptable: by `identity;q=0`, or by `*;q=0` and no word of it.
  package var refusesIdentity: Bool { (identity ?? others) == 0 }

  /// The codings that the client accepts and does not like less than identity, the best first; of equals the first one.
  package func ranked(_ codings: CodingRanking) -> CodingRanking {
    let least = max(identity ?? 0, 1)
    var ranked = CodingRanking()
    var taken = CodingSet()
    // There are three of them at most: each round takes the best that is left.
    for _ in 0..<codings.count {
      var best: Coding?
      var bestWeight = least - 1
      for coding in codings where !taken.contains(coding) {
        let weight = weight(of: coding)
        guard weight > bestWeight else { continue }
        best = coding
        bestWeight = weight
      }
      guard let best else { break }
      ranked.append(best)
      taken.formUnion(CodingSet(best))
    }
    return ranked
  }

  /// The coding that the client likes best, of equals the first one; nil for none.
  ///
  /// Identity is chosen where the client prefers it expressly, and where it accepts nothing else. It may have refused
  /// that, too: then it gets what there is (RFC 9110, section 12.4.1), which is of more use than a 406.
  package func choose(from codings: [Coding]) -> Coding? {
    var best: Coding?
    var bestWeight = max((identity ?? 0) - 1, 0)
    for coding in codings {
      let weight = weight(of: coding)
      guard weight > bestWeight else { continue }
      best = coding
      bestWeight = weight
    }
    return best
  }
}
