import ContentCoding
import HTTPCore
import Testing

@Suite struct CodingRankingTests {
  private func ranked(_ value: String, _ offered: [Coding]) -> [Coding] {
    let bytes = Array(value.utf8)
    var head = RequestHead()
    head.fields = [
      RequestHead.Field(
        name: FieldSpan(offset: 0, count: 0),
        value: FieldSpan(0..<bytes.count),
        known: .acceptEncoding
      )
    ]
    return Array(AcceptedCodings(head, bytes.span.bytes).ranked(CodingRanking(offered)))
  }

  @Test func `codings stay in their order, each once`() {
    #expect(Array(CodingRanking()) == [])
    for first in Coding.allCases {
      #expect(Array(CodingRanking([first])) == [first] && CodingRanking([first]).count == 1)
      for second in Coding.allCases where second != first {
        #expect(Array(CodingRanking([first, second, first])) == [first, second])
        #expect(CodingRanking([first, second]) != CodingRanking([second, first]))
      }
    }
    let all = CodingRanking([.gzip, .brotli, .zstd, .brotli])
    #expect(Array(all) == [.gzip, .brotli, .zstd] && all.count == 3)
  }

  @Test func `a set has what was put in`() {
    let set = CodingSet([.gzip, .brotli])
    #expect(set.contains(.gzip) && set.contains(.brotli) && !set.contains(.zstd))
    #expect(CodingSet(Coding.allCases).isSuperset(of: set) && !CodingSet().contains(.brotli))
  }

  @Test(arguments: [
    ("gzip, br", [Coding.brotli, .gzip]), ("gzip;q=1, br;q=0.9", [.gzip, .brotli]), ("gzip", [.gzip]),
    ("*", [.brotli, .zstd, .gzip]), ("zstd;q=0.3, *;q=0.2", [.zstd, .brotli, .gzip]),
    ("identity;q=0.5, gzip;q=0.4, br;q=0.5", [.brotli]), ("identity", []), ("", []),
    ("br;q=0, gzip", [.gzip]),
    ("gzip;q=0.001, zstd;q=0.002", [.zstd, .gzip]),
  ])
  func `the best comes first, and what the client likes less than none is left out`(
    value: String,
    ranking: [Coding]
  ) {
    #expect(ranked(value, [.brotli, .zstd, .gzip]) == ranking)
  }

  /// What browsers send is known as a whole: it has to be what it would be piece by piece.
  @Test(arguments: ["gzip, deflate, br, zstd", "gzip, deflate, br", "gzip, br", "gzip, deflate", "gzip"])
  func `a usual value is what it says`(value: String) {
    // A parameter that means nothing, so that it is taken apart.
    let apart = value.split(separator: ", ").map { "\($0);a=b" }.joined(separator: ", ")
    for offered in [[Coding.brotli, .zstd, .gzip], [.gzip, .zstd], [.zstd], []] {
      #expect(ranked(value, offered) == ranked(apart, offered))
    }
  }
}
