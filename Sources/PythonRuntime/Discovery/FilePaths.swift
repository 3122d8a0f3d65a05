import Glibc

/// Questions about files, by path, that finding an interpreter needs.
enum FilePaths {
  static func exists(_ path: String) -> Bool {
    access(path, F_OK) == 0
  }

  static func isDirectory(_ path: String) -> Bool {
    kind(of: path) == S_IFDIR
  }

  static func isExecutable(_ path: String) -> Bool {
    kind(of: path) == S_IFREG && access(path, X_OK) == 0
  }

  /// The interpreter of a virtual environment, or of any other prefix.
  static func interpreter(in directory: String) -> String? {
    let end = directory.hasSuffix("/") ? "" : "/"
    return ["python3", "python"].lazy.map { "\(directory)\(end)bin/\($0)" }.first(where: isExecutable)
  }

  /// The virtual environment that an interpreter belongs to. The rule is that of CPython's `site`: `pyvenv.cfg` is
  /// beside the interpreter or one directory above. Up to 3.13 only `site` sets `sys.prefix`, and it is not run here.
  static func environment(of executable: String) -> String? {
    let directory = parent(of: executable)
    let environment = parent(of: directory)
    guard exists("\(directory)/pyvenv.cfg") || exists("\(environment)/pyvenv.cfg") else { return nil }
    return environment
  }

  /// Whether it can be read and is a shared object: `libpython3.11.a` is what a static build names as its library.
  static func isSharedObject(_ path: String) -> Bool {
    guard kind(of: path) == S_IFREG else { return false }
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }

    var header: [UInt8] = Array(repeating: 0, count: 18)
    guard header.withUnsafeMutableBytes({ read(descriptor, $0.baseAddress, $0.count) }) == header.count else {
      return false
    }
    // ELF specification: e_type is at offset 16, in the file's own byte order; 3 is ET_DYN.
    return header.starts(with: [0x7F, 0x45, 0x4C, 0x46]) && UInt16(header[16]) | UInt16(header[17]) == 3
  }

  private static func kind(of path: String) -> mode_t? {
    var status = stat()
    return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
  }

  private static func parent(of path: String) -> String {
    guard let slash = path.lastIndex(of: "/") else { return "." }
    let parent = path[..<slash]
    return parent.isEmpty ? "/" : String(parent)
  }
}
