import Testing
import UnixSocket

@Suite struct LineFramerTests {
  /// Feeds chunks and collects what comes out after each.
  private func events(_ chunks: [[UInt8]], limit: Int) -> [LineFramer.Event] {
    var framer = LineFramer(limit: limit)
    var events: [LineFramer.Event] = []
    for chunk in chunks {
      framer.append(chunk.span)
      while let event = framer.next() { events.append(event) }
    }
    return events
  }

  private func line(_ text: String) -> LineFramer.Event { .line(Array(text.utf8)) }

  @Test(arguments: 1...20)
  func cutsTheSameLinesHoweverTheBytesArrive(chunkSize: Int) {
    let stream = Array("one\n\ntwo words\nthree\n\n".utf8)
    let chunks = stride(from: 0, to: stream.count, by: chunkSize).map {
      Array(stream[$0..<min($0 + chunkSize, stream.count)])
    }
    #expect(
      events(chunks, limit: 9) == [
        line("one"), line(""), line("two words"), line("three"), line(""),
      ])
  }

  @Test(arguments: [1, 2, 3, 5, 8, 64])
  func reportsAnOverlongLineOnceAndGoesOnWithTheNext(chunkSize: Int) {
    let stream = Array("ok\n123456\nnext\n".utf8)
    let chunks = stride(from: 0, to: stream.count, by: chunkSize).map {
      Array(stream[$0..<min($0 + chunkSize, stream.count)])
    }
    #expect(events(chunks, limit: 5) == [line("ok"), .tooLong, line("next")])
  }

  @Test func acceptsALineOfExactlyTheLimit() {
    #expect(events([Array("12345".utf8), [0x0A]], limit: 5) == [line("12345")])
  }

  @Test func keepsNothingOfALineThatIsSkipped() {
    var framer = LineFramer(limit: 1_000)
    for _ in 0..<3 {
      framer.append([UInt8](repeating: 0x61, count: 1_001).span)
      _ = framer.next()
      #expect(framer.bufferedCount == 0)
    }
  }

  @Test func reportsALineWithoutEnd() {
    let chunk = [UInt8](repeating: 0x61, count: 100)
    #expect(events([chunk, chunk, chunk], limit: 90) == [.tooLong])
    #expect(events([chunk, chunk, chunk, chunk], limit: 90) == [.tooLong, .endless])
    #expect(events([chunk], limit: 20) == [.tooLong, .endless])
  }

  @Test func givesTheLastLineWithoutNewlineAtTheEnd() {
    var framer = LineFramer(limit: 100)
    framer.append(Array("a\nlast".utf8).span)
    #expect(framer.next() == line("a"))
    #expect(framer.next() == nil)
    #expect(framer.finish() == Array("last".utf8))
    #expect(framer.finish() == nil)
  }

  @Test func canSkipTheUnfinishedLine() {
    var framer = LineFramer(limit: 100)
    framer.append(Array("a\nunfini".utf8).span)
    #expect(framer.next() == line("a"))
    framer.skipUnfinishedLine()
    #expect(framer.bufferedCount == 0)
    framer.append(Array("shed\nb\n".utf8).span)
    #expect(framer.next() == line("b"))
  }

  @Test func handsOverALineOfManyMegabytes() {
    let content = [UInt8](repeating: 0x78, count: 20 << 20)
    var framer = LineFramer(limit: 32 << 20)
    framer.append(content.span)
    #expect(framer.next() == nil)
    framer.append([0x0A, 0x79, 0x0A].span)
    #expect(framer.next() == .line(content))
    #expect(framer.next() == line("y"))
    #expect(framer.bufferedCount == 0)
  }

  @Test func agreesWithSplittingTheWholeStream() {
    var random = SystemRandomNumberGenerator()
    for _ in 0..<200 {
      let stream = (0..<Int.random(in: 0...400, using: &random)).map { _ in
        UInt8.random(in: 0...9, using: &random) == 0 ? 0x0A : UInt8(0x61)
      }
      var chunks: [[UInt8]] = []
      var rest = stream[...]
      while !rest.isEmpty {
        let size = Int.random(in: 1...40, using: &random)
        chunks.append(Array(rest.prefix(size)))
        rest = rest.dropFirst(size)
      }
      let lines = stream.split(separator: 0x0A, omittingEmptySubsequences: false).dropLast()
      let expected: [LineFramer.Event] = lines.map { $0.count <= 30 ? .line(Array($0)) : .tooLong }
      let limited = events(chunks, limit: 30).filter { $0 != .endless }
      // A long line at the very end is reported although its newline never came.
      #expect(limited == expected || limited == expected + [.tooLong])
    }
  }
}
