/// Where entries of a list are, by the hashes of their keys: an open-addressed table that is looked into with hashes that
/// are at hand.
///
/// It knows nothing of keys: whoever finds a place compares what is there, and what has the hash of another takes its
/// place.
struct PlaceIndex {
  private struct Cell {
    var hash: UInt64 = 0
    /// -1 where there is none.
    var place = -1
  }

  /// As many as a power of two, at least half of them free.
  private var cells = Array(repeating: Cell(), count: 16)
  private var count = 0

  subscript(hash: UInt64) -> Int? {
    let cell = cells[cell(for: hash)]
    return cell.place < 0 ? nil : cell.place
  }

  mutating func set(_ place: Int, for hash: UInt64) {
    if 2 * (count + 1) > cells.count { grow() }
    let index = cell(for: hash)
    if cells[index].place < 0 { count += 1 }
    cells[index] = Cell(hash: hash, place: place)
  }

  mutating func remove(_ hash: UInt64) {
    var free = cell(for: hash)
    guard cells[free].place >= 0 else { return }
    count -= 1
    // What was pushed along by the cell that becomes free moves back, or it would not be found behind a gap.
    var next = following(free)
    while cells[next].place >= 0 {
      let home = Int(truncatingIfNeeded: cells[next].hash) & mask
      if (next &- home) & mask >= (next &- free) & mask {
        cells[free] = cells[next]
        free = next
      }
      next = following(next)
    }
    cells[free] = Cell()
  }

  // MARK: -

  private var mask: Int { cells.count - 1 }

  private func following(_ index: Int) -> Int { (index + 1) & mask }

  /// The cell with this hash, or the free one where it would be.
  private func cell(for hash: UInt64) -> Int {
    var index = Int(truncatingIfNeeded: hash) & mask
    while cells[index].place >= 0, cells[index].hash != hash { index = following(index) }
    return index
  }

  private mutating func grow() {
    let old = cells
    cells = Array(repeating: Cell(), count: 2 * old.count)
    for cell in old where cell.place >= 0 { cells[self.cell(for: cell.hash)] = cell }
  }
}
