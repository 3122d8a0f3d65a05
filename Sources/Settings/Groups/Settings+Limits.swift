import ArgumentParser

extension Settings {
  /// How much anybody may ask for.
  package struct Limits: ParsableArguments {
    @Option(
      name: .customLong("limit-request-line"),
      within: 64...65536,
      "Longest request line, in bytes",
      value: "bytes"
    )
    package var requestLine: Int = 8190

    @Option(name: .customLong("limit-request-fields"), within: 1...32768, "Most header fields of a request")
    package var requestFields: Int = 100

    @Option(
      name: .customLong("limit-request-field_size"),
      within: 64...65536,
      "Longest header field of a request, in bytes",
      value: "bytes"
    )
    package var requestFieldSize: Int = 8190

    @Option(
      name: .customLong("limit-request-head"),
      within: ByteCount(1 << 10)...ByteCount(16 << 20),
      "Most bytes of all header fields of a request together; never less than one field may have"
    )
    package var requestHead: ByteCount = ByteCount(64 << 10)

    @Option(
      name: .customLong("limit-trailers"),
      within: ByteCount(0)...ByteCount(1 << 20),
      "Most bytes of the trailers behind a chunked body, which are checked and dropped"
    )
    package var trailers: ByteCount = ByteCount(8190)

    @Option(
      name: .customLong("limit-chunk-extensions"),
      within: ByteCount(0)...ByteCount(16 << 20),
      "Most bytes of all chunk extensions of one body, which are checked and dropped"
    )
    package var chunkExtensions: ByteCount = ByteCount(64 << 10)

    @Option(
      name: .customLong("max-request-body"),
      within: ByteCount(1)...ByteCount(1 << 40),
      "Largest request body; k, m and g stand for KiB, MiB and GiB"
    )
    package var requestBody: ByteCount = ByteCount(1 << 30)

    @Option(
      name: .customLong("body-buffer"),
      within: ByteCount(0)...ByteCount(1 << 30),
      "Largest request body kept in memory; a larger one goes to a temporary file"
    )
    package var bodyBuffer: ByteCount = ByteCount(256 << 10)

    @Option(
      name: .customLong("pipeline-buffer"),
      within: ByteCount(1 << 10)...ByteCount(16 << 20),
      "How much is read ahead of further requests while one is being answered"
    )
    package var pipelineBuffer: ByteCount = ByteCount(64 << 10)

    @Option(
      name: .customLong("response-buffer"),
      within: ByteCount(1 << 10)...ByteCount(1 << 30),
      "How far a streaming response may run ahead of its client"
    )
    package var responseBuffer: ByteCount = ByteCount(1 << 20)

    @Option(
      name: .customLong("static-cache"),
      within: ByteCount(0)...ByteCount(1 << 40),
      "Memory for small static files and compressed forms of others; 0 keeps none"
    )
    package var staticCache: ByteCount = ByteCount(32 << 20)

    @Option(
      name: .customLong("static-cache-file"),
      within: ByteCount(0)...ByteCount(1 << 30),
      "Largest static file that is kept in memory; larger ones are the kernel's to send"
    )
    package var staticCacheFile: ByteCount = ByteCount(256 << 10)

    @Option(
      name: .customLong("queue-limit"),
      within: 1...1_000_000,
      "Most requests that wait for a Python thread; one more is answered with 503"
    )
    package var queue: Int = 1000

    @Option(
      name: .customLong("rate-limit"),
      """
      Requests that one client may make, as in 100/s or 30/m,burst=10; more are answered with 429. Unset, \
      there is no limit.
      """,
      value: "rate"
    )
    package var rate: RequestRate?

    @Option(
      name: .customLong("rate-limit-by"),
      "Field that tells clients apart for --rate-limit, where a proxy of --forwarded-allow-ips sends it.",
      value: "field"
    )
    package var rateField: FieldName?

    @Option(
      name: .customLong("limit-connections"),
      within: 0...1_000_000,
      "Most connections at once; 0 sets no bound but that of open files"
    )
    package var connections: Int = 0

    @Option(
      name: .customLong("limit-connections-per-client"),
      within: 0...1_000_000,
      "Most connections of one address (IPv6: of one network of 64 bits); 0 sets no bound"
    )
    package var connectionsPerClient: Int = 0

    @Option(
      name: .customLong("keep-alive-requests"),
      within: 1...1_000_000_000,
      "Requests after which a connection is closed"
    )
    package var requestsPerConnection: Int = 10_000

    @Option(
      name: .customLong("min-rate"),
      within: ByteCount(0)...ByteCount(1 << 30),
      """
      Bytes per second that a client has to send of a body, or to take of a response, on average after five \
      seconds; 0 sets no bound
      """
    )
    package var minimumRate: ByteCount = ByteCount(240)

    package init() {}
  }
}
