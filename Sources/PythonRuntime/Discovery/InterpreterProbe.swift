/// Runs an interpreter once to learn what it is.
enum InterpreterProbe {
  /// Isolated (`-I`) and without `site` (`-S`): no code but CPython's own runs, and it takes 10 ms rather than 30.
  ///
  /// It must run on any Python, so that an old one can be named. The libpython that is mapped is the surest answer;
  /// an interpreter linked statically has none, and then its build configuration says what it would be.
  private static let script = """
    import sys
    def text(value): return str(value).encode(sys.getfilesystemencoding() or 'utf-8', 'surrogateescape')
    name = getattr(getattr(sys, 'implementation', None), 'name', 'cpython')
    fields = [name] + list(sys.version_info[:3])
    fields += [sys.version, getattr(sys, 'abiflags', ''), sys.executable]
    fields += [sys.prefix, getattr(sys, 'base_prefix', sys.prefix)]
    mapped = ''
    try:
        with open('/proc/self/maps', 'rb') as maps:
            for line in maps:
                path = line.split(None, 5)[-1].strip()
                if path.startswith(b'/') and path.rsplit(b'/', 1)[1].startswith(b'libpython3.'):
                    mapped = path.decode(sys.getfilesystemencoding(), 'surrogateescape')
                    break
    except Exception: pass
    fields.append(mapped)
    if not mapped:
        try:
            import sysconfig
            values = sysconfig.get_config_vars()
            fields += [values.get(key) or '' for key in ('INSTSONAME', 'LIBDIR', 'MULTIARCH')]
        except Exception: pass
    fields += [''] * (13 - len(fields))
    out = getattr(sys.stdout, 'buffer', sys.stdout)
    out.write(b'\\0'.join([b'martlet'] + [text(field) for field in fields] + [b'end']))
    """

  static func ask(
    _ candidate: InterpreterCandidate,
    environment: [String: String],
    deadline: Duration
  ) throws(DiscoveryError) -> InterpreterAnswer {
    let result = ShortCommand.run(
      candidate.path,
      ["-I", "-S", "-c", script],
      environment: environment,
      deadline: deadline
    )
    switch result {
    case .notStarted(let reason):
      throw .notStarted(candidate.path, by: candidate.choice, reason: reason)
    case .timedOut:
      throw .timedOut(candidate.path, by: candidate.choice, after: deadline)
    case .ended(let ending, let output, let errors) where !ending.isSuccess:
      // A shim says here which version it misses; Python 2 and others say that they do not know an option.
      let reason = errors.lastLine ?? output.lastLine ?? ending.description
      throw .failed(candidate.path, by: candidate.choice, reason: reason)
    case .ended(_, let output, _):
      guard let answer = InterpreterAnswer(decoding: output) else {
        throw .notPython(candidate.path, by: candidate.choice)
      }
      return answer
    }
  }
}

/// What an interpreter says about itself.
struct InterpreterAnswer: Equatable {
  let implementation: String
  let versionInfo: PythonInterpreter.Version
  let version: String
  let abiFlags: String
  let executable: String
  let prefix: String
  let basePrefix: String
  let libraryCandidates: [String]
  /// It runs without a libpython of its own: CPython is linked into its executable.
  let isLinkedStatically: Bool

  /// The fields are text between NULs, the only byte that none of them can have, with a word before and after them.
  init?(decoding output: [UInt8]) {
    let fields = output.split(separator: 0, omittingEmptySubsequences: false)
      .map { String(decoding: $0, as: UTF8.self) }
    guard fields.count == 15, fields[0] == "martlet", fields[14] == "end",
      let major = Int(fields[2]), let minor = Int(fields[3]), let micro = Int(fields[4])
    else { return nil }

    self.implementation = fields[1]
    self.versionInfo = PythonInterpreter.Version(major: major, minor: minor, micro: micro)
    self.version = fields[5]
    self.abiFlags = fields[6]
    self.executable = fields[7]
    self.prefix = fields[8]
    self.basePrefix = fields[9]
    self.isLinkedStatically = fields[10].isEmpty
    self.libraryCandidates = Self.libraries(
      mapped: fields[10],
      name: fields[11],
      directory: fields[12],
      architecture: fields[13],
      basePrefix: fields[9]
    )
  }

  /// Where the library may be, the surest place first. A relocated build (uv's, conda's) has a directory of the
  /// machine that built it in its configuration: hence the places beneath the prefix.
  private static func libraries(
    mapped: String,
    name: String,
    directory: String,
    architecture: String,
    basePrefix: String
  ) -> [String] {
    guard mapped.isEmpty else { return [mapped] }
    guard !name.isEmpty else { return [] }
    let places = [
      directory, "\(directory)/\(architecture)",
      "\(basePrefix)/lib", "\(basePrefix)/lib/\(architecture)", "\(basePrefix)/lib64",
    ]
    return places.filter { $0.hasPrefix("/") }.map { "\($0)/\(name)" }
  }
}

extension [UInt8] {
  /// The last line that says something, short enough for a message.
  fileprivate var lastLine: String? {
    let line = split(separator: UInt8(ascii: "\n")).last { line in line.contains { $0 > 0x20 } }
    return line.map { String(decoding: $0.prefix(300).filter { $0 >= 0x20 && $0 != 0x7F }, as: UTF8.self) }
  }
}
