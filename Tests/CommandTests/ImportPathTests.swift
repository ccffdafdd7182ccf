import FigureCommands
import FoundationEssentials
import Glibc
import Testing

@Suite struct ImportPathTests {
  @Test(arguments: [
    ("/a/b", "/a/b"), ("/a//b/", "/a/b"), ("/a/./b", "/a/b"), ("/a/x/../b", "/a/b"), ("/", "/"),
    ("/../a", "/../a"),
  ])
  func makesPathsPlain(path: String, plain: String) {
    #expect(AbsolutePath.normalized(path) == plain)
  }

  @Test func makesRelativePathsAbsolute() {
    #expect(AbsolutePath.of("photos").hasPrefix("/"))
    #expect(AbsolutePath.of("photos").hasSuffix("/photos"))
  }

  @Test func splitsPathsByCountAndBySize() {
    let many = (0..<2500).map { "/\($0)" }
    #expect(ImportCommand.batches(many, byteLimit: 1 << 20).map(\.count) == [1000, 1000, 500])
    let long = (0..<10).map { _ in String(repeating: "x", count: 97) }
    #expect(ImportCommand.batches(long, byteLimit: 300).map(\.count) == [3, 3, 3, 1])
    #expect(ImportCommand.batches(["/a"], byteLimit: 1) == [["/a"]])
  }

  @Test func findsImagesBelowFoldersInOrder() throws {
    let folder = TemporaryFolder.make()
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let files = FileManager.default
    try files.createDirectory(atPath: folder + "/b/c", withIntermediateDirectories: true)
    for name in ["a.jpg", "b/z.PNG", "b/c/y.heic", "b/notes.txt", ".hidden.jpg", "b/x.webp"] {
      try Data("x".utf8).write(to: URL(filePath: folder + "/" + name))
    }
    try files.createSymbolicLink(atPath: folder + "/b/loop", withDestinationPath: folder)
    #expect(mkfifo(folder + "/pipe.jpg", 0o600) == 0)
    var found: [String] = []
    FolderWalk.visit([folder, folder + "/b/notes.txt"]) {
      found.append(String($0.dropFirst(folder.count)))
    } onFailure: { path, reason in
      Issue.record("\(path): \(reason)")
    }
    #expect(found == ["/a.jpg", "/b/x.webp", "/b/z.PNG", "/b/c/y.heic", "/b/notes.txt"])
  }
}

@Suite struct IdentifierTests {
  private let whole = "Cluster-3fa9c1d2-0000-4000-8000-000000000001"

  @Test func shortensToWhatTablesShow() {
    #expect(Identifier.short(whole) == "3fa9c1d2")
    #expect(Identifier.short("3fa9c1d2-0000-4000-8000-000000000001") == "3fa9c1d2")
  }

  @Test(arguments: [
    ("3fa9", true), ("3FA9C1D2", true), ("Cluster-3fa9", true), ("3fa9c1d2-0000", true),
    ("3fa", false), ("3fb9", false), ("fa9c", false), ("Ada!", false), ("", false),
  ])
  func matchesTheBeginningFromFourDigits(text: String, isMatch: Bool) {
    #expect(Identifier.matches(text, whole) == isMatch)
  }

  @Test func knowsWhenNothingNeedsToBeLookedUp() {
    #expect(Identifier.isWhole(whole))
    #expect(Identifier.isWhole(String(whole.dropFirst(8))))
    #expect(!Identifier.isWhole("3fa9c1d2"))
    #expect(!Identifier.isWhole("A name of just as many characters, no"))
  }
}
