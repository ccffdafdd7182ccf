import CommandLineParsing
import Testing

@Suite struct HelpTests {
  @Test func showsTheCommandsOfAProgram() throws {
    #expect(
      try Sample.printed("--help") == """
        Usage: sample [OPTION]... COMMAND

        Try the parser.

        A program that exists for tests only.

        Commands:
          search                  Find media by face.
          import                  Add photographs.
          people                  Work with people.

        Options:
          -s, --socket PATH       Where the daemon listens. (default: /run/sample.sock)
          -v, --verbose           Say more.

        Common options:
          -h, --help              Show this help and exit.
              --version           Show the version and exit.
              --generate-completion SHELL
                                  Write a completion script for a shell and exit. (one
                                  of bash, zsh, fish)
              --generate-man      Write the manual page (roff) and exit.

        “sample COMMAND --help” tells more.

        """)
  }

  @Test func showsEverythingAboutACommand() throws {
    #expect(
      try Sample.printed("search", "--help") == """
        Usage: sample search [OPTION]... IMAGE

        Find media by face.

        Finds the media that show the person in a photograph. Somebody's "best" picture
        works best.

        If the photograph shows several people, the largest face counts.

        Operands:
          IMAGE                   A photograph of the person.

        Options:
          -l, --library NAME      The library to search in; all if it is left out.
              --limit N           The most results. (default: 10)
              --format FORMAT     How results are shown. (one of table, json; default:
                                  table)

        Common options:
          -s, --socket PATH       Where the daemon listens. (default: /run/sample.sock)
          -v, --verbose           Say more.
          -h, --help              Show this help and exit.

        Examples:
          sample search --library family alice.jpg
              Finds Alice in the family's library.

        """)
  }

  @Test func showsWhatIsNeededInTheUsage() throws {
    let first = try Sample.printed("import", "--help").split(separator: "\n")[0]
    #expect(first == "Usage: sample import --threshold T [OPTION]... FILE...")
    let list = try Sample.printed("people", "list", "--help").split(separator: "\n")[0]
    #expect(list == "Usage: sample people list [OPTION]... [NAME]")
  }

  @Test(arguments: [[], ["search"], ["import"], ["people"], ["people", "list"]])
  func fitsIntoEightyColumns(path: [String]) throws {
    guard case .print(let text) = try Sample.program.parse(path + ["--help"]) else { return }
    #expect(text.split(separator: "\n").allSatisfy { $0.count <= 80 })
  }
}

@Suite struct ManualPageTests {
  @Test func hasTheSectionsThatManualsHave() throws {
    let page = try Sample.printed("--generate-man")
    let sections = page.split(separator: "\n").filter { $0.hasPrefix(".SH ") }.map {
      $0.dropFirst(5).dropLast()
    }
    #expect(
      sections == [
        "NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "COMMANDS", "EXIT STATUS", "ENVIRONMENT",
        "FILES", "EXAMPLES", "SEE ALSO",
      ])
  }

  @Test func rendersWithoutWarnings() throws {
    let page = try Sample.printed("--generate-man")
    guard let result = try output(of: "groff -man -Tutf8 -ww -P-cbou", input: page) else {
      print("skipped: groff is not installed")
      return
    }
    #expect(result.status == 0)
    #expect(!result.text.contains("warning") && !result.text.contains("error"))
    #expect(result.text.contains("sample - try the parser"))
    #expect(result.text.contains("--library NAME"))
    #expect(result.text.contains(#"Somebody's "best""#))
    #expect(result.text.contains("sampled(8)"))
  }
}

@Suite struct CompletionTests {
  @Test(arguments: [
    ("bash", "bash -n"), ("zsh", "zsh -n"), ("fish", "fish --no-config --no-execute"),
  ])
  func scriptsParse(shell: String, check: String) throws {
    let script = try Sample.printed("--generate-completion", shell)
    guard let result = try output(of: check, input: script) else {
      print("skipped: \(shell) is not installed")
      return
    }
    #expect(result.status == 0 && result.text.isEmpty, "\(result.text)")
  }

  /// What bash offers for the last of the words.
  private func bashOffers(_ words: [String]) throws -> [String]? {
    let script = try Sample.printed("--generate-completion", "bash")
    let quoted = words.map { "'\($0)'" }.joined(separator: " ")
    // compopt works while the shell completes only.
    let driver = """
      compopt() { :; }
      COMP_WORDS=(\(quoted)); COMP_CWORD=\(words.count - 1)
      _sample
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    return try output(of: "bash", input: script + driver)?.text.split(separator: "\n").map(
      String.init)
  }

  @Test(arguments: [
    (["sample", ""], ["search", "import", "people"]),
    (["sample", "se"], ["search"]),
    (["sample", "-v", "se"], ["search"]),
    (["sample", "--socket", "search", "i"], ["import"]),
    (["sample", "--socket", "=", "search", "i"], ["import"]),
    (["sample", "people", ""], ["list", "merge"]),
    (["sample", "search", "--l"], ["--library", "--limit"]),
    (["sample", "search", "--format", ""], ["table", "json"]),
    (["sample", "search", "--format", "="], ["table", "json"]),
    (["sample", "search", "--format", "=", "j"], ["json"]),
    (["sample", "search", "--library", "x"], []),
    (["sample", "search", "/etc/hostnam"], ["/etc/hostname"]),
    (["sample", "--generate-completion", "z"], ["zsh"]),
    (["sample", "people", "list", "--s"], ["--socket"]),
  ])
  func bashOffersWhatFits(words: [String], expected: [String]) throws {
    guard let offers = try bashOffers(words) else {
      print("skipped: bash is not installed")
      return
    }
    #expect(Set(offers) == Set(expected))
  }

  @Test(arguments: [
    ("sample ", ["search", "import", "people"]), ("sample -v se", ["search"]),
    ("sample people ", ["list", "merge"]), ("sample search --l", ["--library", "--limit"]),
    ("sample search --format ", ["table", "json"]),
    ("sample search -v --format=j", ["--format=json"]),
    ("sample people list --so", ["--socket"]), ("sample import --lib", []),
  ])
  func fishOffersWhatFits(line: String, expected: [String]) throws {
    let script = try Sample.printed("--generate-completion", "fish")
    guard let result = try output(of: "fish --no-config", input: script + "complete -C '\(line)'\n")
    else {
      print("skipped: fish is not installed")
      return
    }
    // Behind a tab stands the description.
    let offers = result.text.split(separator: "\n").map { $0.prefix { $0 != "\t" } }.map(
      String.init)
    #expect(Set(offers) == Set(expected))
  }
}
