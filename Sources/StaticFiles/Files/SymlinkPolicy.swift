/// Which symbolic links beneath a root are followed. None ever leads out of it.
package enum SymlinkPolicy: Sendable {
  case beneath
  /// Those whose owner is that of what they point to.
  case owner
  case never
}
