import ArgumentParser

extension Settings {
  /// What the application's responses are compressed with.
  package struct Compression: ParsableArguments {
    @Option(
      name: .customLong("compress"),
      """
      Compress what the application answers: br, zstd and gzip, in the order of preference, each with a level if \
      you like, as in br,zstd,gzip:6. Unset, nothing is.
      """,
      value: "codings"
    )
    package var codings: CompressionList?

    @Option(
      name: .customLong("compress-types"),
      "Media types worth compressing, separated by commas (default: \(MediaTypeList.compressible))",
      value: "types"
    )
    var givenTypes: MediaTypeList?

    @Option(
      name: .customLong("compress-min-size"),
      within: ByteCount(0)...ByteCount(1 << 30),
      "Smallest content that is compressed (default: \(Self.usualMinimumSize))"
    )
    var givenMinimumSize: ByteCount?

    private static let usualMinimumSize = ByteCount(1 << 10)

    package var types: MediaTypeList { givenTypes ?? .compressible }
    package var minimumSize: ByteCount { givenMinimumSize ?? Self.usualMinimumSize }

    package init() {}
  }
}
