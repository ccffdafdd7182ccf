internal import Glibc

/// Overwrites the space in a database's pages that nothing is stored in.
///
/// `secure_delete` overwrites a row where it stands. But when SQLite moves rows between pages, to
/// balance a tree, their old copies stay in the gap between a page's cell pointers and its cells,
/// and are still there when the row itself is erased. Nothing reads that gap, so it can be cleared
/// under SQLite's hands, and a crash meanwhile does no harm: every other byte is left alone.
///
/// The layout is that of <https://sqlite.org/fileformat2.html>; the pointer map, which a file with
/// `auto_vacuum` has, tells for sure which pages are parts of trees.
struct UnallocatedSpace {
  /// The file as it stands, with an empty log beside it.
  private let descriptor: Int32
  private let pageSize: Int
  private let usableSize: Int

  /// How many bytes are read at once; a multiple of every page size.
  private static let chunkSize = 1 << 20

  /// Reads the header of a database; `nil` if it has no pages or no pointer map.
  ///
  /// The descriptor stays the caller's.
  init?(descriptor: Int32) throws(SystemError) {
    let header = try Self.read(descriptor, count: 100, at: 0)
    guard header.count == 100 else { return nil }
    let storedSize = Self.number(header[...], at: 16)
    pageSize = storedSize == 1 ? 65536 : storedSize
    usableSize = pageSize - Int(header[20])
    let largestRoot = header[52..<56]
    guard pageSize >= 512, pageSize.nonzeroBitCount == 1, usableSize >= 480,
      largestRoot.contains(where: { $0 != 0 })
    else { return nil }
    self.descriptor = descriptor
  }

  /// Clears every gap that holds anything, down to the disk.
  ///
  /// Nothing may change the file meanwhile; others may read it.
  ///
  /// - Returns: the number of pages that were cleared.
  func clear() throws(SystemError) -> Int {
    var pointerMap: [UInt8] = []
    var pointerMapPage = 0
    var cleared = 0
    var offset = 0
    while true {
      let chunk = try Self.read(descriptor, count: Self.chunkSize, at: offset)
      for start in stride(from: 0, to: chunk.count - pageSize + 1, by: pageSize) {
        let page = (offset + start) / pageSize + 1
        let content = chunk[start..<start + pageSize]
        if page == self.pointerMapPage(of: page) {
          pointerMap = Array(content)
          pointerMapPage = page
        } else if page == 1 || isTreePage(page, pointerMap, of: pointerMapPage),
          let gap = gap(in: content, headerOffset: page == 1 ? 100 : 0),
          chunk[gap].contains(where: { $0 != 0 })
        {
          let zeros = [UInt8](repeating: 0, count: gap.count)
          try Self.write(descriptor, zeros, at: offset + gap.lowerBound)
          cleared += 1
        }
      }
      guard chunk.count == Self.chunkSize else { break }
      offset += chunk.count
    }
    guard cleared == 0 || fdatasync(descriptor) == 0 else { throw SystemError(number: errno) }
    return cleared
  }

  /// The page with the map entry of `page`, which is `page` itself if that is a map; 0 for page 1.
  private func pointerMapPage(of page: Int) -> Int {
    guard page >= 2 else { return 0 }
    let group = usableSize / 5 + 1
    let mapPage = (page - 2) / group * group + 2
    return mapPage == lockBytePage ? mapPage + 1 : mapPage
  }

  /// The page that holds the locks of some systems, and never any content.
  private var lockBytePage: Int { 0x4000_0000 / pageSize + 1 }

  /// Whether the map calls a page the root of a tree (1) or a further part of one (5).
  private func isTreePage(_ page: Int, _ pointerMap: [UInt8], of pointerMapPage: Int) -> Bool {
    let entry = 5 * (page - pointerMapPage - 1)
    guard page != lockBytePage, pointerMap.indices.contains(entry) else { return false }
    return pointerMap[entry] == 1 || pointerMap[entry] == 5
  }

  /// The bytes between the cell pointers and the cells; `nil` for a page that makes no sense.
  private func gap(in page: ArraySlice<UInt8>, headerOffset: Int) -> Range<Int>? {
    let header = page.startIndex + headerOffset
    let headerSize: Int
    switch page[header] {
    case 2, 5: headerSize = 12
    case 10, 13: headerSize = 8
    default: return nil
    }
    let cellCount = Self.number(page, at: header + 3)
    let storedStart = Self.number(page, at: header + 5)
    let start = header + headerSize + 2 * cellCount
    let end = page.startIndex + (storedStart == 0 ? 65536 : storedStart)
    guard start < end, end <= page.startIndex + usableSize else { return nil }
    return start..<end
  }

  /// Two bytes, most significant first.
  private static func number(_ bytes: ArraySlice<UInt8>, at offset: Int) -> Int {
    Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
  }

  /// Reads up to `count` bytes; fewer only at the end of the file.
  private static func read(
    _ descriptor: Int32, count: Int, at offset: Int
  ) throws(SystemError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var filled = 0
    while filled < count {
      let result = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe pread(
          descriptor, buffer.baseAddress.map { unsafe $0 + filled }, count - filled,
          offset + filled)
      }
      if result < 0, errno == EINTR { continue }
      guard result >= 0 else { throw SystemError(number: errno) }
      guard result > 0 else { break }
      filled += result
    }
    bytes.removeLast(count - filled)
    return bytes
  }

  private static func write(
    _ descriptor: Int32, _ bytes: [UInt8], at offset: Int
  ) throws(SystemError) {
    var written = 0
    while written < bytes.count {
      let result = unsafe bytes.withUnsafeBytes { buffer in
        unsafe pwrite(
          descriptor, buffer.baseAddress.map { unsafe $0 + written }, bytes.count - written,
          offset + written)
      }
      if result < 0, errno == EINTR { continue }
      guard result >= 0 else { throw SystemError(number: errno) }
      written += result
    }
  }
}

/// A failed system call.
struct SystemError: Error {
  /// The value of `errno`.
  let number: Int32
}
