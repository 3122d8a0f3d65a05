import Glibc
import Testing

func withTree(_ body: (_ root: String, _ base: String) throws -> Void) throws {
  let (root, base) = try makeTree()
  defer { remove(base) }
  try body(root, base)
}

/// `base/root` to serve, and things beside it that must stay out of reach.
func makeTree() throws -> (root: String, base: String) {
  var template = Array("/tmp/martlet-files-XXXXXX".utf8CString)
  let base = try #require(mkdtemp(&template).map { String(cString: $0) })
  let root = "\(base)/root"
  for directory in [root, "\(root)/dir", "\(root)/dir/deep", "\(base)/outside"] { mkdir(directory, 0o755) }
  try write("\(root)/a.txt", "inside")
  try write("\(root)/empty", "")
  try write("\(root)/dir/b.txt", "deeper")
  try write("\(base)/secret.txt", "secret")
  try write("\(base)/outside/secret.txt", "secret")
  for (link, target) in [
    ("link-file", "a.txt"), ("link-dir", "dir"), ("link-chain", "./link-dir/."), ("link-fifo", "fifo"),
    ("link-slash-file", "a.txt/"), ("link-slash-dir", "dir/"),
    ("dir/link-up", "../a.txt"), ("dir/deep/link-up-and-down", "../../dir/../dir/b.txt"),
    ("escape-relative", "../secret.txt"), ("escape-absolute", "/etc/passwd"), ("escape-dir", "../outside"),
    ("escape-and-return", "../root/a.txt"), ("dir/escape-deep", "../../secret.txt"),
    ("absolute-to-inside", "\(root)/a.txt"), ("dangling", "gone"), ("loop", "loop"), ("magic", "/proc/self"),
    ("a.txt.gz", "../secret.txt"),
  ] {
    symlink(target, "\(root)/\(link)")
  }
  mkfifo("\(root)/fifo", 0o644)
  try makeSocket("\(root)/socket")
  return (root, base)
}

func write(_ path: String, _ text: String) throws {
  let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
  try #require(descriptor >= 0)
  defer { close(descriptor) }
  var text = text
  try #require(text.withUTF8 { Glibc.write(descriptor, $0.baseAddress, $0.count) == $0.count })
}

private func makeSocket(_ path: String) throws {
  let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
  try #require(descriptor >= 0)
  defer { close(descriptor) }
  var address = sockaddr_un()
  address.sun_family = sa_family_t(AF_UNIX)
  withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
  let result = withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
      bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
    }
  }
  try #require(result == 0)
}

func openDescriptors() -> Int {
  guard let directory = opendir("/proc/self/fd") else { return 0 }
  defer { closedir(directory) }
  var count = 0
  while readdir(directory) != nil { count += 1 }
  return count
}

/// Everything beneath a directory of ours, links as links.
func remove(_ path: String) {
  if unlink(path) == 0 || rmdir(path) == 0 { return }
  guard let directory = opendir(path) else { return }
  while let entry = readdir(directory) {
    let name = withUnsafeBytes(of: &entry.pointee.d_name) {
      String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
    }
    if name != ".", name != ".." { remove("\(path)/\(name)") }
  }
  closedir(directory)
  rmdir(path)
}
