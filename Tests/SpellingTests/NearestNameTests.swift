import Spelling
import Testing

@Suite struct NearestNameTests {
  @Test(arguments: [
    ("libary", "library"), ("lirbary", "library"), ("Library", "library"), ("librarys", "library"),
    ("limt", "limit"), ("log-levle", "log-level"),
  ])
  func suggestsWhatWasProbablyMeant(word: String, expected: String) {
    let names = ["library", "limit", "log-level", "connections"]
    #expect(nearestName(to: word, among: names) == expected)
  }

  @Test(arguments: [
    "zebra", "", "connections-per-user-and-more", "x", String(repeating: "l", count: 10_000),
  ])
  func suggestsNothingForWordsThatAreFarAway(word: String) {
    #expect(nearestName(to: word, among: ["library", "limit", "connections"]) == nil)
  }

  @Test func givesTheFirstOfEqualOnes() {
    #expect(nearestName(to: "cat", among: ["bat", "hat"]) == "bat")
  }

  @Test func findsNothingAmongNothing() {
    #expect(nearestName(to: "word", among: []) == nil)
  }
}
