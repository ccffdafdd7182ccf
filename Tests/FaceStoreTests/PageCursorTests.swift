import FaceStore
import FaceTypes
import Testing

@Suite struct PageCursorTests {
  @Test(
    arguments: [
      [], [1], Array(repeating: 0, count: 10), [16, 2, 0, 0, 0, 0, 0, 0, 0, 1, 0],
      [16, 0, 0, 0, 0, 0, 0, 0, 0, 1, 9], [16, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 7],
      [16, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 7], [16, 0, 0, 0, 0, 0, 0, 0, 0, 1, 3, 0xFF],
    ] as [[UInt8]])
  func refusesForeignBytes(bytes: [UInt8]) {
    #expect(PageCursor(bytes: bytes) == nil)
  }

  @Test func anyWellFormedCursorIsHarmless() throws {
    let test = try TestStore()
    let library = try test.library()
    _ = try test.media(library, "/a")
    var generator = SplitMix(seed: 1)
    for _ in 0..<500 {
      var bytes = (0..<19).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
      bytes[0] = MediaSort.created.rawValue
      bytes[1] = 0
      bytes[10] = UInt8.random(in: 1...3, using: &generator)
      guard let cursor = PageCursor(bytes: bytes) else { continue }
      #expect(cursor.bytes == bytes)
      _ = try test.store.read {
        try $0.media(
          MediaQuery(library: library, sort: .created), page: .after(cursor, count: 3))
      }
    }
  }
}
