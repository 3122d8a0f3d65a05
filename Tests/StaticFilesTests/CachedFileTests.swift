import ContentCoding
import Glibc
import HTTPServer
import NIOCore
import Testing

@testable import StaticFiles

/// Which of the forms that are kept is sent.
@Suite struct CachedFileTests {
  private static func file(
    precompressed: [Coding] = [],
    made: [Coding] = [],
    forms: [Coding?] = [nil],
    useless: [Coding] = [],
    absent: [Coding] = []
  ) throws -> CachedFile {
    var policy = StaticPolicy()
    policy.codings = CodingPolicy(precompressed: precompressed, made: made)
    let mount = try StaticMount(prefix: "/a", path: "/", policy: policy)
    let source = try #require(FileSource(directory: RelativePath(configured: ""), beneath: mount.root))
    return CachedFile(
      key: Array("/a/b".utf8),
      mount: mount,
      source: source,
      forms: forms.map { CachedForm(coding: $0, response: PreparedResponse(ByteBuffer())) },
      uselessCodings: CodingSet(useless),
      absent: absent.isEmpty ? nil : AbsentNeighbours(codings: CodingSet(absent), directory: source)
    )
  }

  @Test func `without a wish it is the file as it is`() throws {
    let choice = try #require(
      Self.file(precompressed: [.gzip], forms: [.gzip, nil]).choice(for: CodingRanking())
    )
    #expect(choice.form.coding == nil && !choice.dependsOnDirectory)
  }

  @Test func `the best form that is here counts, as long as nothing better may be found`() throws {
    let coded = try Self.file(precompressed: [.brotli, .gzip], forms: [nil, .gzip])
    #expect(coded.choice(for: CodingRanking([.gzip]))?.form.coding == .gzip)
    #expect(coded.choice(for: CodingRanking([.brotli, .gzip])) == nil)
    let plain = try Self.file(precompressed: [.gzip])
    #expect(plain.choice(for: CodingRanking([.gzip])) == nil)
  }

  @Test func `for want of a neighbour the next form is sent, and depends on the directory`() throws {
    let plain = try Self.file(precompressed: [.brotli, .gzip], absent: [.brotli, .gzip])
    let choice = try #require(plain.choice(for: CodingRanking([.brotli, .gzip])))
    #expect(choice.form.coding == nil && choice.dependsOnDirectory)
    let coded = try Self.file(precompressed: [.brotli, .gzip], forms: [nil, .gzip], absent: [.brotli])
    #expect(coded.choice(for: CodingRanking([.gzip, .brotli]))?.dependsOnDirectory == false)
    #expect(coded.choice(for: CodingRanking([.brotli, .gzip]))?.dependsOnDirectory == true)
  }

  @Test func `what is of no use to make needs no look at the directory`() throws {
    let useless = try Self.file(made: [.brotli, .gzip], useless: [.brotli, .gzip])
    let choice = try #require(useless.choice(for: CodingRanking([.brotli, .gzip])))
    #expect(choice.form.coding == nil && !choice.dependsOnDirectory)
    #expect(try Self.file(made: [.gzip]).choice(for: CodingRanking([.gzip])) == nil)
  }

  @Test func `a coding of both kinds is passed over only if neither can come`() throws {
    let ranking = CodingRanking([.gzip])
    for (useless, absent) in [([Coding.gzip], [Coding]()), ([], [.gzip]), ([], [])] {
      let file = try Self.file(precompressed: [.gzip], made: [.gzip], useless: useless, absent: absent)
      #expect(file.choice(for: ranking) == nil)
    }
    let neither = try Self.file(precompressed: [.gzip], made: [.gzip], useless: [.gzip], absent: [.gzip])
    #expect(neither.choice(for: ranking)?.dependsOnDirectory == true)
  }

  @Test func `of two looks at a directory the later one counts, and equal ones are joined`() throws {
    try withTree { root, _ in
      let mount = try StaticMount(prefix: "/a", path: root)
      func look(_ coding: Coding) throws -> AbsentNeighbours {
        let directory = try #require(
          FileSource(directory: RelativePath(configured: "dir"), beneath: mount.root)
        )
        return AbsentNeighbours(codings: CodingSet(coding), directory: directory)
      }
      let source = try #require(FileSource(directory: RelativePath(configured: ""), beneath: mount.root))
      let first = try CachedFile(key: [], mount: mount, source: source).adding(absent: look(.gzip))
      let second = try first.adding(absent: look(.brotli))
      #expect(second.absent?.codings == [CodingSet(.gzip), CodingSet(.brotli)])
      #expect(second.isStillAlone())
      try write("\(root)/dir/new", "x")
      #expect(!second.isStillAlone())
      let third = try second.adding(absent: look(.zstd))
      #expect(third.absent?.codings == CodingSet(.zstd) && third.isStillAlone())
      #expect(
        !first.adding().isStillAlone() && !CachedFile(key: [], mount: mount, source: source).isStillAlone()
      )
    }
  }
}
