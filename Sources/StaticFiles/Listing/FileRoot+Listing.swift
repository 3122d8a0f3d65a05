import CLinux
import Glibc
import HTTPCore

extension FileRoot {
  /// What can be asked for in a directory beneath the root: files and directories, and links to them that
  /// ``open(_:)`` would follow. It waits for the disk.
  ///
  /// - Parameter showsHidden: whether names that begin with a dot are among them.
  /// - Returns: nil where it may not be read, or is not there any more.
  func contents(of directory: RelativePath, showsHidden: Bool) -> DirectoryContents? {
    let descriptor = openDirectory(directory)
    guard descriptor >= 0 else { return nil }
    guard let stream = fdopendir(descriptor) else {
      close(descriptor)
      return nil
    }
    defer { closedir(stream) }
    var contents = DirectoryContents()
    while let entry = readdir(stream) {
      let name = entry.name
      guard Self.isListed(name, showsHidden: showsHidden) else { continue }
      guard contents.entries.count < DirectoryContents.limit else {
        contents.isCut = true
        break
      }
      if let entry = self.entry(name, in: directory, descriptor) { contents.entries.append(entry) }
    }
    return contents
  }

  private static func isListed(_ name: [UInt8], showsHidden: Bool) -> Bool {
    guard name != [UInt8(ascii: ".")], name != Array("..".utf8) else { return false }
    // A request path can't have them.
    guard !name.contains(where: { $0 < 0x20 || $0 == 0x7F }) else { return false }
    return showsHidden || !RelativePath(name[...]).isHidden
  }

  private func entry(_ name: [UInt8], in directory: RelativePath, _ descriptor: CInt) -> DirectoryEntry? {
    var status = stat()
    let terminated = name.map(CChar.init(bitPattern:)) + [0]
    guard fstatat(descriptor, terminated, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
    let modified = Int64(status.st_mtim.tv_sec)
    switch status.st_mode & S_IFMT {
    case S_IFREG:
      return DirectoryEntry(name: name, isDirectory: false, size: Int64(status.st_size), modified: modified)
    case S_IFDIR:
      return DirectoryEntry(name: name, isDirectory: true, size: 0, modified: modified)
    case S_IFLNK:
      switch open(directory.appending(name)) {
      case .file(_, let metadata):
        return DirectoryEntry(
          name: name,
          isDirectory: false,
          size: metadata.size,
          modified: metadata.modified
        )
      case .directory:
        return DirectoryEntry(name: name, isDirectory: true, size: 0, modified: modified, isLink: true)
      default: return nil
      }
    default: return nil
    }
  }
}

extension UnsafeMutablePointer<dirent> {
  /// The bytes up to the NUL, read where they are: the kernel gives no more than there are.
  fileprivate var name: [UInt8] {
    guard let offset = MemoryLayout<dirent>.offset(of: \.d_name) else { return [] }
    let start = (UnsafeRawPointer(self) + offset).assumingMemoryBound(to: UInt8.self)
    return Array(
      UnsafeBufferPointer(
        start: start,
        count: strlen(UnsafeRawPointer(start).assumingMemoryBound(to: CChar.self))
      )
    )
  }
}
