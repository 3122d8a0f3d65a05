import CLinux
import Glibc

/// What `ps` and `top` show for this process, where it is the interpreter's: the server's own command line, and not the
/// one that made the interpreter load it.
enum ProcessTitle {
  /// Writes over the words with which the process was started: CPython has made its own copies of them.
  ///
  /// - Parameter words: the command line. What has no room is left out.
  static func set(_ words: [String]) {
    martlet_set_process_name("martlet")
    guard let area = argumentArea() else { return }
    var title: [UInt8] = []
    for word in words {
      title += word.utf8
      title.append(0)
    }
    let count = min(title.count, area.count - 1)
    guard count > 0 else { return }
    title.withUnsafeBytes { area.copyMemory(from: UnsafeRawBufferPointer(rebasing: $0.prefix(count))) }
    UnsafeMutableRawBufferPointer(rebasing: area[count...]).initializeMemory(as: UInt8.self, repeating: 0)
  }

  /// Where the kernel has put the words: the fields `arg_start` and `arg_end` of /proc/self/stat.
  private static func argumentArea() -> UnsafeMutableRawBufferPointer? {
    var bytes = [UInt8](repeating: 0, count: 4096)
    let file = open("/proc/self/stat", O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { return nil }
    defer { close(file) }
    let count = read(file, &bytes, bytes.count)
    guard count > 0 else { return nil }
    // The second field, a name in parentheses, can hold anything: what is counted comes behind its end.
    let text = String(decoding: bytes.prefix(count), as: UTF8.self)
    guard let parenthesis = text.lastIndex(of: ")") else { return nil }
    let fields = text[text.index(after: parenthesis)...].split(separator: " ")
    guard fields.count > 46, let start = UInt(fields[45]), let end = UInt(fields[46]), start > 0, end > start,
      let base = UnsafeMutableRawPointer(bitPattern: start)
    else { return nil }
    return UnsafeMutableRawBufferPointer(start: base, count: Int(end - start))
  }
}
