import FigureCommands
import Testing

@Suite struct TableTests {
  private func table(_ rows: [[String]]) -> Table {
    var table = Table([
      .init("ID"), .init("NAME", fit: .cutEnd), .init("FACES", isTrailing: true),
      .init("FILE", fit: .cutMiddle),
    ])
    for row in rows { table.append(row) }
    return table
  }

  @Test func alignsTextLeftAndNumbersRight() {
    let lines = table([["a1", "Ada", "7", "/x"], ["b22", "Grace", "1,234", "/yy"]])
      .lines(width: 80)
    #expect(
      lines == [
        "ID   NAME   FACES  FILE", "a1   Ada        7  /x", "b22  Grace  1,234  /yy",
      ])
  }

  @Test func alignsByColumnsOfTheTerminalNotByCharacters() {
    let lines = table([["1", "山田太郎", "7", "/x"], ["2", "Zoë", "8", "/y"]]).lines(width: 80)
    // Four characters of two columns, against three of one.
    #expect(lines[1] == "1   山田太郎      7  /x")
    #expect(lines[2] == "2   Zoë           8  /y")
  }

  @Test(arguments: [20, 40, 60, 80])
  func isNeverWiderThanTheTerminalAllows(width: Int) {
    let path = "/home/ada/Pictures/2024/summer/IMG_20240801_120000.jpg"
    let lines = table([["3fa9c1d2", "Augusta Ada King, Countess of Lovelace", "12", path]])
      .lines(width: width)
    // Below the narrowest that columns become, the table is as narrow as it can be.
    let least = 8 + 2 + 8 + 2 + 5 + 2 + 8
    #expect(lines.allSatisfy { DisplayWidth.of($0) <= max(width, least) })
  }

  @Test func cutsNothingWithoutAWidth() {
    let path = "/" + String(repeating: "long/", count: 60)
    #expect(table([["1", "", "1", path]]).lines(width: nil)[1].hasSuffix(path))
  }

  @Test func showsWhatCouldCommandTheTerminalInsteadOfSendingIt() {
    let lines = table([["1", "\u{1B}[2J\u{202E}evil\n", "1", "/x"]]).lines(width: 80)
    #expect(lines.count == 2)
    #expect(lines[1].unicodeScalars.allSatisfy { $0.value >= 0x20 && $0 != "\u{202E}" })
    #expect(lines[1].contains("evil"))
  }
}

@Suite struct DisplayWidthTests {
  @Test(arguments: [
    ("", 0), ("abc", 3), ("é", 1), ("e\u{301}", 1), ("山", 2), ("한글", 4), ("ｱ", 1), ("Ａ", 2),
    ("👩‍👩‍👧", 2), ("❤️", 2), ("🇫🇷", 2), ("…", 1), ("a\u{200B}b", 2),
  ])
  func countsColumns(text: String, columns: Int) {
    #expect(DisplayWidth.of(text) == columns)
  }

  @Test func cutsPathsInTheMiddleAndKeepsTheEnd() {
    #expect(
      DisplayWidth.truncatedMiddle("/home/ada/Pictures/IMG_0001.jpg", to: 20)
        == "/home/…/IMG_0001.jpg")
  }

  @Test(arguments: 0...12)
  func neverExceedsTheRoom(width: Int) {
    let text = "山田太郎の写真/ab"
    #expect(DisplayWidth.of(DisplayWidth.truncatedEnd(text, to: width)) <= width)
    #expect(DisplayWidth.of(DisplayWidth.truncatedMiddle(text, to: width)) <= width)
  }
}

@Suite struct QuantityTests {
  @Test(arguments: [
    (0, "0"), (999, "999"), (1000, "1,000"), (-1_234_567, "-1,234,567"), (12_345, "12,345"),
  ])
  func groupsDigits(value: Int, text: String) { #expect(Quantity.count(value) == text) }

  @Test(arguments: [
    (0, "0 B"), (1023, "1023 B"), (1024, "1.0 KiB"), (1536, "1.5 KiB"), (10_240, "10 KiB"),
    (1_048_575, "1.0 MiB"), (3_400_000_000, "3.2 GiB"),
  ])
  func givesBytesInThreeDigits(value: Int, text: String) { #expect(Quantity.bytes(value) == text) }

  @Test(arguments: [
    (0.0, "0:00"), (7.4, "0:07"), (754.0, "12:34"), (5025.0, "1:23:45"), (.infinity, "?"),
    (-3, "0:00"),
  ])
  func givesClockTimes(seconds: Double, text: String) {
    #expect(Quantity.clock(seconds: seconds) == text)
  }

  @Test(arguments: [
    (42.9, "42 s"), (300.0, "5 min"), (11_520.0, "3 h 12 min"), (370_800.0, "4 d 7 h"), (.nan, "?"),
  ])
  func givesDurationsInTwoUnits(seconds: Double, text: String) {
    #expect(Quantity.duration(seconds: seconds) == text)
  }

  @Test(arguments: [
    (0.876, 2, "0.88"), (1.0, 0, "1"), (-0.004, 2, "0.00"), (-1.25, 1, "-1.3"), (.infinity, 1, "?"),
  ])
  func roundsDecimals(value: Double, places: Int, text: String) {
    #expect(Quantity.decimal(value, places: places) == text)
  }

  @Test(arguments: [(0.0, "0 %"), (0.876, "88 %"), (1.4, "100 %"), (.nan, "?")])
  func givesPercentages(value: Double, text: String) { #expect(Quantity.percent(value) == text) }

  @Test func showsTimesOfTheWireInTheUsersZone() {
    let shown = LocalTime.shown("2026-11-21T09:12:33.500Z")
    #expect(shown.wholeMatch(of: /2026-11-2[012] [0-9]{2}:[0-9]{2}/) != nil)
    #expect(LocalTime.shown("yesterday") == "yesterday")
  }

  @Test(arguments: [
    ("file:///a/b%20c.jpg", "/a/b c.jpg"), ("file:///%E5%B1%B1.jpg", "/山.jpg"),
    ("/plain%20path", "/plain%20path"), ("camera-1/4711", "camera-1/4711"),
    ("file:///bad%zz", "file:///bad%zz"), ("file:///bad%ff", "file:///bad%ff"),
  ])
  func showsFileURLsAsPaths(url: String, path: String) { #expect(url.shownPath == path) }
}
