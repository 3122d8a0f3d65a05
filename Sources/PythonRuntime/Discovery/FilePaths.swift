import Glibc

/// Questions about files, by path, that finding an interpreter needs.
package enum FilePaths {
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

  /// Whether a shared object for a 64-bit machine is as long as its own headers say. What is mapped beyond the end of one
  /// that a copy was broken off of ends the process with SIGBUS.
  package static func isWhole(_ path: String) -> Bool {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return false }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, let size = UInt64(exactly: status.st_size) else { return false }
    // ELF specification: e_phoff is at offset 32, e_phentsize and e_phnum at 54; of an entry, p_type is at 0, p_offset at 8
    // and p_filesz at 32; PT_LOAD is 1.
    guard let header = bytes(descriptor, at: 0, count: 64) else { return false }
    let start = number(header, at: 32, count: 8)
    let (length, count) = (number(header, at: 54, count: 2), number(header, at: 56, count: 2))
    guard length >= 56, start <= size else { return false }
    for index in 0..<count {
      guard let entry = bytes(descriptor, at: start + index * length, count: 56) else { return false }
      guard number(entry, at: 0, count: 4) == 1 else { continue }
      let (end, overflow) = number(entry, at: 8, count: 8).addingReportingOverflow(
        number(entry, at: 32, count: 8)
      )
      guard !overflow, end <= size else { return false }
    }
    return true
  }

  private static func bytes(_ descriptor: CInt, at offset: UInt64, count: Int) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    guard let offset = off_t(exactly: offset), pread(descriptor, &bytes, count, offset) == count else {
      return nil
    }
    return bytes
  }

  /// A number in the byte order of x86-64 and AArch64.
  private static func number(_ bytes: [UInt8], at offset: Int, count: Int) -> UInt64 {
    bytes[offset..<offset + count].reversed().reduce(0) { $0 << 8 | UInt64($1) }
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
