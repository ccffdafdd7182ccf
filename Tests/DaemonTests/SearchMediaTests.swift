import FaceClient
import Foundation
import Testing
import WireProtocol

/// A grey picture of 32 pixels a side, which is analysed in no time.
let greyPicture: JSONValue = [
  "Base64":
    "iVBORw0KGgoAAAANSUhEUgAAACAAAAAgCAIAAAD8GO2jAAAAJklEQVR42u3NMQ0AAAwDoEqv9KrYsQQMkB6LQCAQCAQCgUAg+BIMLd4AWwUPN68AAAAASUVORK5CYII="
]

func json(_ text: String) throws -> JSONValue { try JSONParser.parse(Array(text.utf8)) }

extension FaceClient {
  /// Stores the grey picture under a name.
  @discardableResult
  func insertGrey(
    _ name: String, _ details: [String: JSONValue] = [:], library: String = "default"
  ) throws -> String {
    var parameters: [String: JSONValue] = [
      "Input": greyPicture, "InputURL": .string(name), "SearchLibName": .string(library),
    ]
    parameters.merge(details) { _, new in new }
    let result: InsertMediaResult = try call(FaceRequest("InsertMediaToSearchLib", parameters))
    return result.mediaID
  }

  func searchMedia(_ parameters: [String: JSONValue]) throws -> SearchMediaResult {
    try call(FaceRequest("SearchMedia", parameters))
  }
}

/// SearchMedia through the socket.
@Suite struct SearchMediaTests {
  private static let aiData = """
    {
      "OcrInfo": [{"Content": "I am Pipi", "From": 1.4, "To": 2.5, "Timestamp": 1.4}],
      "AsrInfo": [{"Content": "hello", "From": 1, "To": 2}],
      "AiLabelInfo": [{
        "LabelName": "Car", "LabelType": "Object", "Category": "Transportation",
        "LabelId": "10310250338", "Source": "vision",
        "Occurrences": [{"Score": 0.75, "From": 1.4, "To": 2.5}, {"From": 7, "To": 8}]
      }]
    }
    """

  /// The request of the reference page, with fields as it has them, answered field by field.
  @Test func answersTheExampleOfItsPage() throws {
    let daemon = try DaemonProcess()
    defer { daemon.remove() }
    let client = try daemon.client()
    _ = try client.call(FaceRequest<JSONValue>.raw("CreateSearchLib", ["SearchLibName": "test-1"]))
    let before = Int64(Date().timeIntervalSince1970 * 1000) - 60_000
    let medium = try client.insertGrey(
      "/p/China 1.png",
      [
        "Title": "China in spring", "Description": "Smart", "MediaTags": "tags,tags2",
        "UserData": "userData", "ReferenceId": "123-123", "Namespace": "name-1",
        "VisionDescription": "Football goal",
        "CustomFields": ["intField1": 12, "strField1": "abc", "strField2": "cd"],
        "AiData": try json(Self.aiData),
      ], library: "test-1")
    try client.insertGrey("/p/other.png", ["Title": "Japan"], library: "test-1")
    let answer = try client.call(
      FaceRequest<JSONValue>.raw(
        "SearchMedia",
        [
          "Match": .string("title = 'China' and utcCreate = ['\(before)','\(before + 600_000)']"),
          "SortBy": "utcCreate:Desc", "PageNo": 1, "PageSize": 20, "SearchLibName": "test-1",
          "CustomFilters":
            "{\"intField1\":{\"gte\":12,\"lte\":13},\"strField2\":[\"cd\",\"de\"],\"strField1\":\"abc\"}",
        ]))
    #expect(answer["RequestId"]?.stringValue?.count == 36)
    #expect(answer["Success"] == "true")
    #expect(answer["Code"] == "200")
    #expect(answer["Total"] == 1)
    #expect(answer["ScrollToken"]?.stringValue?.utf8.count == 32)
    let media = try #require(answer["MediaInfoList"]?.arrayValue)
    #expect(media.count == 1)
    let found = try #require(media.first)
    #expect(found["MediaId"] == .string(medium))
    let info = found["MediaBasicInfo"]
    let expected: [String: JSONValue] = [
      "MediaId": .string(medium), "InputURL": "file:///p/China%201.png", "MediaType": "image",
      "Source": "file", "Title": "China in spring", "Description": "Smart",
      "MediaTags": "tags,tags2", "UserData": "userData", "Status": "Normal",
      "ReferenceId": "123-123", "Namespace": "name-1", "VisionDescription": "Football goal",
    ]
    for (name, value) in expected { #expect(info?[name] == value, "\(name)") }
    #expect(info?["CreateTime"]?.stringValue?.hasSuffix("Z") == true)
    #expect(info?["ModifiedTime"]?.stringValue?.hasSuffix("Z") == true)
    let file = found["FileInfoList"]?.arrayValue?.first?["FileBasicInfo"]
    for (name, value) in [
      "FileName": "China 1.png", "FileStatus": "Normal", "FileType": "source_file",
      "FileUrl": "file:///p/China%201.png", "FormatName": "png", "Width": "32", "Height": "32",
    ] as [String: JSONValue] {
      #expect(file?[name] == value, "\(name)")
    }
    #expect(Int(file?["FileSize"]?.stringValue ?? "") ?? 0 > 60)
    #expect(found["AiData"] == (try json(Self.aiData)))
    #expect(found["IndexStatusList"] == [["IndexType": "face", "IndexStatus": "Success"]])
    let fields = try #require(found["CustomFields"]?.stringValue)
    #expect(
      try JSONParser.parse(Array(fields.utf8)) == [
        "intField1": 12, "strField1": "abc", "strField2": "cd",
      ])
  }

  @Test func peopleAndFacesCanBeAskedFor() throws {
    let client = try ImportedLibrary.client()
    let all = try client.searchMedia(["Match": "faces.count >= 1", "PageSize": 50])
    let none = try client.searchMedia(["Match": "not faces.count >= 1", "PageSize": 50])
    #expect(all.total + none.total == 77 && none.total > 0)
    let several = try client.searchMedia(["Match": "faces.count >= 2", "PageSize": 50])
    #expect(several.total > 0 && several.total < 77)
    for medium in several.mediaInfoList {
      let faces = medium.aiData?.aiLabelInfo ?? []
      #expect(faces.count >= 2)
      for face in faces {
        #expect(face.labelType == "Face" && face.source == "vision")
        #expect(face.occurrences.first?.tracks?.first?.position.split(separator: ";").count == 4)
      }
    }
    let cluster = try #require(several.mediaInfoList.first?.aiData?.aiLabelInfo?.first)
    let person = try #require(cluster.figureClusterID)
    let theirs = try client.searchMedia(["Match": .string("person.id == '\(person)'")])
    let listed = try client.call(.media(cluster: person)).mediaInfos
    #expect(theirs.total == listed.count)
    let without = try client.searchMedia(["Match": .string("not person.id == '\(person)'")])
    #expect(without.total == 77 - theirs.total)
  }

  private static let mistakes: [(JSONValue, String)] = [
    ("titel = 'a'", "column 1"), ("title = 'a' and", "column 16"), (7, "string"),
    ("title = 'a", "column 9"),
  ]

  @Test(arguments: mistakes)
  func namesThePlaceOfAMistake(match: JSONValue, part: String) throws {
    let client = try ImportedLibrary.client()
    #expect {
      try client.searchMedia(["Match": match])
    } throws: { error in
      guard case .refused(let error)? = error as? ClientError else { return false }
      return error.code == .invalidParameter && error.field == "Match"
        && error.message.contains(part)
    }
  }

  /// Between the pages media come and go at random; each one of the first moment that is still
  /// there is shown once, none twice, and none that came later.
  @Test(arguments: [1, 2] as [UInt64])
  func scrollingShowsEachMediumOnce(seed: UInt64) throws {
    let daemon = try DaemonProcess()
    defer { daemon.remove() }
    let client = try daemon.client()
    var generator = SeededGenerator(seed: seed)
    var present: Set<String> = []
    for number in 0..<40 {
      present.insert(
        try client.insertGrey("/p/\(number).png", ["Title": .string("t\(number % 5)")]))
    }
    let first = present
    var gone: Set<String> = []
    var shown: [String] = []
    var token: String?
    let size = Int64.random(in: 3...7, using: &generator)
    while true {
      var parameters: [String: JSONValue] = [
        "Match": "title = 't'", "SortBy": "title:Desc,utcModified:Desc",
        "PageSize": .integer(size),
      ]
      parameters["ScrollToken"] = token.map { .string($0) }
      let page = try client.searchMedia(parameters)
      if page.mediaInfoList.isEmpty { break }
      #expect(page.total == 40)
      shown += page.mediaInfoList.map(\.mediaID)
      let next = try #require(page.scrollToken)
      #expect(next.utf8.count == 32 && next != token)
      token = next
      for number in 0..<3 {
        present.insert(
          try client.insertGrey("/p/new \(shown.count) \(number).png", ["Title": "t9"]))
      }
      if let victim = present.randomElement(using: &generator) {
        try client.call(.deleteMedia([victim]))
        present.remove(victim)
        if first.contains(victim) && !shown.contains(victim) { gone.insert(victim) }
      }
      if let changed = present.randomElement(using: &generator) {
        _ = try client.call(
          FaceRequest<JSONValue>.raw(
            "UpdateMediaToSearchLib", ["MediaId": .string(changed), "Title": "changed"]))
      }
    }
    #expect(shown.count == Set(shown).count)
    #expect(Set(shown) == first.subtracting(gone))
  }

  @Test func aScrollTokenBelongsToItsSearch() throws {
    let client = try ImportedLibrary.client()
    let page = try client.searchMedia(["Match": "exists inputURL", "PageSize": 5])
    let token = try #require(page.scrollToken)
    let wrong: [[String: JSONValue]] = [
      ["Match": "exists title", "ScrollToken": .string(token)],
      ["ScrollToken": .string(token)], ["ScrollToken": "0123456789ABCDEF0123456789ABCDEF"],
      ["ScrollToken": 5],
    ]
    for parameters in wrong {
      #expect {
        try client.searchMedia(parameters)
      } throws: { error in
        guard case .refused(let error)? = error as? ClientError else { return false }
        return error.code == .invalidParameter && error.field == "ScrollToken"
      }
    }
    let next = try client.searchMedia(
      ["Match": "exists inputURL", "PageSize": 9, "ScrollToken": .string(token)])
    #expect(next.mediaInfoList.count == 9)
    #expect(
      Set(next.mediaInfoList.map(\.mediaID)).isDisjoint(with: page.mediaInfoList.map(\.mediaID)))
    // The same token again repeats its page.
    let again = try client.searchMedia(
      ["Match": "exists inputURL", "PageSize": 9, "ScrollToken": .string(token)])
    #expect(again.mediaInfoList.map(\.mediaID) == next.mediaInfoList.map(\.mediaID))
  }
}
