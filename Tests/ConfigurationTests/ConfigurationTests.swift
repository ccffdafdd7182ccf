import Configuration
import Glibc
import Testing

private func parse(_ text: String) throws -> DaemonConfiguration {
  try DaemonConfiguration(parsing: text, file: "f.conf")
}

/// What is wrong with a text, a line each.
private func complaint(_ text: String) -> String {
  do {
    _ = try parse(text)
    return "nothing"
  } catch {
    return "\(error)"
  }
}

@Suite struct ConfigurationParsingTests {
  @Test(arguments: ["", "\n\n", "# only a comment", "[limits]\n", "  \t\r\n"])
  func whatSaysNothingLeavesTheDefaults(text: String) throws {
    #expect(try parse(text) == DaemonConfiguration())
  }

  @Test func readsEveryKindOfValue() throws {
    let configuration = try parse(
      #"""
      # A comment
      [service]
      socket = "/tmp/a \"b\" \u00e9.sock"   # behind a value
      socket-mode = "600"
      log-level = 'debug'
      [access]
      admin = ["root", "1000",   # a comment inside
        "@wheel",
        "@1234",
      ]
      curator = []
      reader = ["$socket-group", "$daemon"]
      [limits]
      connections = 1_000
      line-size = 32MiB
      query-token-lifetime = 2h
      [analysis]
      detection-score = 0.85
      [storage]
      keep-crops = false
      [memory]
      budget = 2GiB
      """#)
    #expect(configuration.service.socketPath == "/tmp/a \"b\" é.sock")
    #expect(configuration.service.socketMode == 0o600)
    #expect(configuration.service.logLevel == .debug)
    #expect(
      configuration.access.admins == [
        .user("root"), .userID(1_000), .group("wheel"), .groupID(1_234),
      ])
    #expect(configuration.access.curators == [])
    #expect(configuration.access.readers == [.socketGroup, .daemonUser])
    #expect(configuration.limits.connections == 1_000)
    #expect(configuration.limits.lineBytes == 32 << 20)
    #expect(configuration.limits.queryTokenLifetime == .seconds(7_200))
    #expect(configuration.analysis.minimumDetectionScore == 0.85)
    #expect(configuration.storage.keepsCrops == false)
    #expect(configuration.memory.budget == 2 << 30)
  }

  @Test func acceptsWindowsLineEndings() throws {
    #expect(try parse("[limits]\r\nconnections = 50\r\n").limits.connections == 50)
  }

  @Test func aSectionMayBeOpenedAgain() throws {
    let configuration = try parse("[limits]\nconnections=50\n[memory]\n[limits]\nrequest-threads=2")
    #expect(configuration.limits.connections == 50 && configuration.limits.requestThreads == 2)
  }

  @Test(arguments: [
    (
      "[limits]\nconections = 5",
      "f.conf:2: [limits] has no key conections; did you mean connections?"
    ),
    ("[limits]\nroots = []", "f.conf:2: [limits] has no key roots; it belongs into [import]"),
    ("[memory]\nzzz = 5", "f.conf:2: [memory] has no key zzz; its keys are budget"),
    ("[limit]\nconnections = 5", "f.conf:1: there is no section [limit]; did you mean [limits]?"),
    ("connections = 5", "f.conf:1: connections stands before the first [section]"),
    (
      "[limits]\nconnections = 5\nconnections-per-user = 4\nconnections = 6",
      "f.conf:4: limits.connections is set in line 2 already"
    ),
    (
      "[limits]\nconnections = 0",
      "f.conf:2: limits.connections = 0: expected a whole number from 1 to 4096"
    ),
    (
      "[limits]\nconnections = \"5\"",
      "f.conf:2: limits.connections = \"5\": expected a whole number from 1 to 4096"
    ),
    (
      "[limits]\nline-size = 5",
      "f.conf:2: limits.line-size = 5: expected a size with a unit (B, KiB, MiB, GiB) from 4KiB to 32MiB"
    ),
    (
      "[limits]\nquery-token-lifetime = 1s",
      "f.conf:2: limits.query-token-lifetime = 1s: expected a time with a unit (ms, s, min, h, d) "
        + "from 10s to 1d"
    ),
    (
      "[service]\nlog-level = \"loud\"",
      "f.conf:2: service.log-level = \"loud\": expected one of \"error\", \"warning\", \"notice\", "
        + "\"info\", \"debug\""
    ),
    (
      "[service]\nlog-level = info",
      "f.conf:2: “info” is no value; text stands in quotes (\"info\"), numbers have units such as "
        + "512MiB or 30s"
    ),
    (
      "[service]\nstate-directory = \"relative\"",
      "f.conf:2: service.state-directory = \"relative\": expected an absolute path in quotes"
    ),
    (
      "[service]\nsocket-mode = \"0777\"",
      "f.conf:2: service.socket-mode = \"0777\": expected permission bits in quotes from \"0600\" to "
        + "\"0666\""
    ),
    (
      "[storage]\nkeep-crops = yes",
      "f.conf:2: “yes” is no value; text stands in quotes (\"yes\"), numbers have units such as "
        + "512MiB or 30s"
    ),
    (
      "[import]\nroots = [\"/a\", \"b\"]",
      "f.conf:2: import.roots = [\"/a\", \"b\"]: expected a list of absolute paths, such as "
        + "[\"/srv/photos\"]"
    ),
    ("[limits", "f.conf:1: a section is written as [name]"),
    ("[limits]\nconnections", "f.conf:2: expected “key = value”, a [section] or a # comment"),
    ("[limits]\nconnections =", "f.conf:2: the value is missing"),
    ("[limits]\nconnections = 5 6", "f.conf:2: unexpected “6” behind the value"),
    ("[service]\nsocket = \"/a", "f.conf:2: the text lacks its closing quote"),
    (
      "[service]\nsocket = \"/a\\q\"",
      "f.conf:2: “\\q” is no escape; write “\\\\” for a backslash, or use 'single quotes'"
    ),
    (
      "[service]\nsocket = \"/\\u12\"",
      "f.conf:2: “\\u” takes four hexadecimal digits of a character"
    ),
    ("[import]\nroots = [\"/a\"", "f.conf:2: the list lacks its “]”"),
    ("[import]\nroots = [\"/a\" \"/b\"]", "f.conf:2: expected “,” or “]” in the list"),
    ("[import]\nroots = [[]]", "f.conf:2: a list cannot hold a list"),
    (
      "[limits]\nconnections = 10",
      "f.conf:2: limits.connections-per-user (48) is above limits.connections (10); lower one or "
        + "raise the other"
    ),
    (
      "[limits]\nline-size = 32MiB\nheld-lines-size = 32MiB",
      "f.conf:3: limits.held-lines-size must have room for two lines of limits.line-size, 64MiB"
    ),
    (
      "[service]\nsocket = \"/\(String(repeating: "s", count: 107))\"",
      "f.conf:2: service.socket: the path has more than 107 bytes, which the kernel allows"
    ),
  ])
  func saysWhereTheMistakeIsAndWhatWouldBeRight(text: String, expected: String) {
    #expect(complaint(text) == expected)
  }

  @Test func reportsAllMistakesAtOnceInTheOrderOfLines() {
    let text = "[limits]\nconnections = 0\nfoo = 1\n[nowhere]\nx = 1\n[service]\nsocket = 5 =\n"
    #expect(
      complaint(text).split(separator: "\n").map { $0.prefix(9) } == [
        "f.conf:2:", "f.conf:3:", "f.conf:4:", "f.conf:7:",
      ])
  }

  @Test(arguments: [
    "9223372036854775808", "99999999999999GiB", "1.5MiB", "-5MiB", "1e5", "5 MiB", "0x10", "+",
    "1.", "5mib",
  ])
  func refusesNumbersThatItCannotHold(text: String) {
    #expect(complaint("[memory]\nbudget = \(text)") != "nothing")
  }

  @Test(arguments: [
    "", "@", "$", "$nobody", "4294967295", "4294967296", "a b", "a:b", "@a,b", "a\u{7}",
  ])
  func refusesWhatIsNoPrincipal(text: String) {
    #expect(Principal(text) == nil)
  }

  @Test(arguments: ["alice", "1000", "@photos", "@1000", "$daemon", "$socket-group", #"DOM\alice"#])
  func writesPrincipalsAsTheyAreRead(text: String) {
    #expect(Principal(text)?.description == text)
  }

  @Test func survivesRandomText() {
    let pieces = [
      "[", "]", "limits", "=", "\"", "'", "\\", "\n", "#", ",", "5", "MiB", " ", "\u{0}", "é", "-",
    ]
    for _ in 0..<3_000 {
      let text = (0..<Int.random(in: 0...30)).map { _ in pieces.randomElement() ?? "" }.joined()
      _ = complaint(text)
    }
  }
}

@Suite struct ReferenceTests {
  /// The root of the package, from the place of this file.
  private var root: String {
    #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(
      separator: "/")
  }

  private func shippedFile() throws -> String {
    let descriptor = open(root + "/Config/figured.conf", O_RDONLY)
    try #require(descriptor >= 0)
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 100_000)
    let count = read(descriptor, &bytes, bytes.count)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
  }

  @Test func theShippedFileIsTheReference() throws {
    #expect(try shippedFile() == DaemonConfiguration.reference)
  }

  @Test func theShippedFileParsesToTheDefaults() throws {
    let configuration = try DaemonConfiguration(readingFileAt: root + "/Config/figured.conf")
    #expect(configuration == DaemonConfiguration())
  }

  @Test func everyKeyIsShownWithItsTrueDefault() throws {
    let lines = try shippedFile().split(separator: "\n")
    let uncommented = lines.filter { !$0.hasPrefix("# ") }.map {
      $0.hasPrefix("#") ? $0.dropFirst() : $0
    }
    let keys = uncommented.filter { $0.contains(" = ") }
    #expect(keys.count == 50)
    let configuration = try parse(uncommented.joined(separator: "\n"))
    #expect(configuration == DaemonConfiguration())
    #expect(configuration.changedSettings(from: DaemonConfiguration()) == [])
  }

  @Test func everyFieldOfTheStructureHasAKey() {
    // Counted by reflection, so that a new field without a key is noticed.
    let fields = Mirror(reflecting: DaemonConfiguration()).children.reduce(0) {
      $0 + Mirror(reflecting: $1.value).children.count
    }
    let keys = DaemonConfiguration.reference.split(separator: "\n").filter {
      $0.hasPrefix("#") && !$0.hasPrefix("# ")
    }
    #expect(fields == keys.count)
  }

  @Test func namesTheSettingsThatDiffer() throws {
    let changed = try parse("[limits]\nconnections = 100\n[memory]\nbudget = 1GiB")
    #expect(
      changed.changedSettings(from: DaemonConfiguration()) == [
        "limits.connections", "memory.budget",
      ])
  }
}

@Suite struct ConfigurationFileTests {
  @Test func saysThatAFileDoesNotExist() {
    #expect(throws: ConfigurationError.self) {
      _ = try DaemonConfiguration(readingFileAt: "/nowhere/figured.conf")
    }
    do {
      _ = try DaemonConfiguration(readingFileAt: "/nowhere/figured.conf")
    } catch {
      #expect(
        error.description == "/nowhere/figured.conf: cannot be opened: No such file or directory")
    }
  }

  @Test(arguments: [("/", "cannot be read: Is a directory"), ("/dev/zero", "has more than 1MiB")])
  func refusesWhatIsNoFileOfText(path: String, reason: String) {
    do {
      _ = try DaemonConfiguration(readingFileAt: path)
      Issue.record("accepted")
    } catch {
      #expect(error.description == "\(path): \(reason)")
    }
  }
}

@Suite struct AccessListTests {
  @Test func looksUpNamesAndNumbers() {
    let list = AccessList(
      resolving: [
        .user("root"), .userID(1_234), .group("root"), .groupID(77), .socketGroup, .daemonUser,
      ], socketGroup: 55)
    #expect(list.userIDs == [0, 1_234, geteuid()])
    #expect(list.groupIDs == [0, 77, 55])
    #expect(list.unknownPrincipals == [])
    #expect(list.contains(userID: 1_234, groupIDs: []))
    #expect(list.contains(userID: 9, groupIDs: [8, 77]))
    #expect(!list.contains(userID: 9, groupIDs: [8]))
  }

  @Test func reportsNamesThatNobodyHas() {
    let list = AccessList(
      resolving: [.user("no-such-user-here"), .group("no-such-group-here")], socketGroup: nil)
    #expect(
      list.unknownPrincipals == [.user("no-such-user-here"), .group("no-such-group-here")])
    #expect(list.userIDs.isEmpty && list.groupIDs.isEmpty)
  }

  @Test func anEmptyListMatchesNobody() {
    let list = AccessList(resolving: [.socketGroup], socketGroup: nil)
    #expect(!list.contains(userID: 0, groupIDs: [0]))
  }
}
