/// Places by hash values: open addressing, with the values themselves as the hashes.
///
/// A dictionary would hash each value once more, for more than all the rest of a look takes.
struct PlaceTable {
  private struct Entry {
    var hash: Int
    /// Negative where there is none.
    var place: Int
  }

  /// A power of two of them, at most half of which are taken.
  private var entries = [Entry](repeating: Entry(hash: 0, place: -1), count: 16)
  private(set) var count = 0

  subscript(hash: Int) -> Int? {
    get {
      let entry = entries[index(of: hash)]
      return entry.place >= 0 ? entry.place : nil
    }
    set {
      guard let place = newValue else { return remove(hash) }
      let index = index(of: hash)
      if entries[index].place < 0 { count += 1 }
      entries[index] = Entry(hash: hash, place: place)
      if 2 * count > entries.count { grow() }
    }
  }

  private var mask: Int { entries.count &- 1 }

  /// Where a hash is, or would be.
  private func index(of hash: Int) -> Int {
    var index = hash & mask
    while entries[index].place >= 0, entries[index].hash != hash { index = (index &+ 1) & mask }
    return index
  }

  private mutating func grow() {
    let old = entries
    entries = [Entry](repeating: Entry(hash: 0, place: -1), count: 2 * old.count)
    for entry in old where entry.place >= 0 { entries[index(of: entry.hash)] = entry }
  }

  /// Closes the gap, so that what lies behind it is found.
  private mutating func remove(_ hash: Int) {
    var gap = index(of: hash)
    guard entries[gap].place >= 0 else { return }
    count -= 1
    var index = gap
    while true {
      index = (index &+ 1) & mask
      guard entries[index].place >= 0 else { break }
      // It may stay where it is only if it would be found without passing the gap.
      let distance = (index &- entries[index].hash) & mask
      guard distance >= (index &- gap) & mask else { continue }
      entries[gap] = entries[index]
      gap = index
    }
    entries[gap].place = -1
  }
}
