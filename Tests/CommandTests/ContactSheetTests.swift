import FigureCommands
import FoundationEssentials
import Glibc
import Testing

@Suite struct ContactSheetTests {
  private let summary = ContactSheet.Summary(
    library: "<family>", time: "2026-11-21 09:12", mediaCount: 1, figureCount: 2, personCount: 1,
    product: "figured 0.1.0")

  private func person(name: String?, crops: Int = 2, faces: Int = 3) -> ContactSheet.Person {
    let crop = ContactSheet.Crop(jpeg: "QUJD", source: "/photos/a & b.jpg")
    return ContactSheet.Person(
      number: 7, identifier: "Cluster-1", name: name, faceCount: faces, mediaCount: 2, cover: crop,
      crops: Array(repeating: crop, count: crops))
  }

  @Test func escapesNamesWhereverTheyStand() {
    let name = #"<script>alert("x")</script> & 'Co'"#
    let html = ContactSheet.section(person(name: name))
    #expect(!html.contains("<script"))
    #expect(html.contains("&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt; &amp; &#39;Co&#39;"))
    #expect(ContactSheet.beginning(summary).contains("<title>People in &lt;family&gt;</title>"))
  }

  @Test(arguments: [nil, ""])
  func numbersThoseWithoutAName(name: String?) {
    #expect(ContactSheet.section(person(name: name)).contains(">Unnamed · 7</h2>"))
  }

  @Test func saysHowManyFacesAreNotShown() {
    #expect(ContactSheet.section(person(name: "Ada", faces: 1203)).contains("and 1,200 more"))
    #expect(!ContactSheet.section(person(name: "Ada", faces: 3)).contains(" more"))
  }

  @Test func describesEveryPictureForThoseWhoCannotSeeIt() {
    let html = ContactSheet.section(person(name: "Ada"))
    #expect(html.components(separatedBy: "<img ").count == 4)
    #expect(html.components(separatedBy: "alt=\"Face of Ada in a &amp; b.jpg\"").count == 3)
    #expect(html.contains("alt=\"Cover of Ada\""))
  }

  @Test(arguments: [nil, "\"onload=alert(1) x=\"", "QUJD<"])
  func showsAPlaceholderForWhatIsNoPicture(jpeg: String?) {
    var odd = person(name: "Ada", crops: 0, faces: 1)
    odd.cover = ContactSheet.Crop(jpeg: jpeg, source: nil)
    let html = ContactSheet.section(odd)
    #expect(!html.contains("<img") && !html.contains("onload"))
    #expect(html.contains("no picture stored"))
  }

  @Test func unfoldsWhyAFaceIsWhereItIs() {
    var explained = person(name: "Ada", crops: 1)
    explained.crops[0].explanation = ContactSheet.Explanation(
      sentence: "It is in “Ada” because of <them>.", probability: 0.98,
      chain: [.init(figureID: "9c01", jpeg: "QUJD", probability: 0.95)],
      runnerUp: "Next best: “Bob & Co”, 3 % sure, behind by 0.20.")
    let html = ContactSheet.section(explained)
    #expect(
      html.contains("<details><summary>98 %</summary><p>It is in “Ada” because of &lt;them&gt;."))
    #expect(html.contains("title=\"9c01\"") && html.contains("<small>95 %</small>"))
    #expect(html.contains("Bob &amp; Co"))
    #expect(!ContactSheet.section(person(name: "Ada")).contains("<details>"))
  }

  @Test func needsNoScriptAndNoOtherFile() {
    let html =
      ContactSheet.beginning(summary) + ContactSheet.section(person(name: "Ada"))
      + ContactSheet.waitingSection([
        .init(reason: "NoSimilarFace", count: 9, crops: [.init(jpeg: "QUJD", source: "/x.jpg")])
      ]) + ContactSheet.end(summary)
    for text in ["<script", "http://", "https://", "<link", "@import", "url("] {
      #expect(!html.contains(text), "\(text)")
    }
    #expect(html.contains("No similar face"))
    #expect(html.hasSuffix("</html>\n"))
  }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [Substring] {
    var parts: [Substring] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(rest[..<range.lowerBound])
      rest = rest[range.upperBound...]
    }
    return parts + [rest]
  }
}

@Suite struct AtomicFileTests {
  private func inFolder(_ body: (String) throws -> Void) throws {
    let folder = TemporaryFolder.make()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    try body(folder)
  }

  private func content(_ path: String) -> String? {
    FileManager.default.contents(atPath: path).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func appearsCompleteAndForTheUserAlone() throws {
    try inFolder { folder in
      let path = folder + "/sheet.html"
      var file = try AtomicFile(path: path, mayReplace: false)
      try file.write("one ")
      #expect(content(path) == nil)
      try file.write("two")
      try file.commit()
      #expect(content(path) == "one two")
      var status = stat()
      #expect(stat(path, &status) == 0 && status.st_mode & 0o777 == 0o600)
    }
  }

  @Test func leavesNothingBehindWhenGivenUp() throws {
    try inFolder { folder in
      do {
        var file = try AtomicFile(path: folder + "/sheet.html", mayReplace: false)
        try file.write(String(repeating: "x", count: 1 << 19))
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }
  }

  @Test func replacesOnlyWhenItMay() throws {
    try inFolder { folder in
      let path = folder + "/sheet.html"
      try Data("old".utf8).write(to: URL(filePath: path))
      #expect(throws: CommandFailure.self) { _ = try AtomicFile(path: path, mayReplace: false) }
      var file = try AtomicFile(path: path, mayReplace: true)
      try file.write("new")
      try file.commit()
      #expect(content(path) == "new")
    }
  }

  @Test func doesNotReplaceWhatCameMeanwhile() throws {
    try inFolder { folder in
      let path = folder + "/sheet.html"
      var file = try AtomicFile(path: path, mayReplace: false)
      try file.write("mine")
      try Data("other".utf8).write(to: URL(filePath: path))
      #expect(throws: CommandFailure.self) { try file.commit() }
      #expect(content(path) == "other")
    }
  }
}
