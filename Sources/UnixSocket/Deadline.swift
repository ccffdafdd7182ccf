/// The time until `instant` as `poll` and `epoll_wait` take it: rounded up, so that nothing ends
/// early, and at most an hour; zero if it is past.
func wholeMilliseconds(until instant: ContinuousClock.Instant) -> Int32 {
  let wait = instant - .now
  guard wait > .zero else { return 0 }
  let attosecondsPerMillisecond: Int64 = 1_000_000_000_000_000
  let (seconds, attoseconds) = wait.components
  let fraction = (attoseconds + attosecondsPerMillisecond - 1) / attosecondsPerMillisecond
  return Int32(min(seconds, 3_600) * 1_000 + fraction)
}
