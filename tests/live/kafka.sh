#!/usr/bin/env bash
# One node of Apache Kafka on the loopback address, from Maven's jars and Java 17: for live tests and benchmarks.
#   kafka.sh jars     bring the jars and see whether this Java can run them; ends with 1 where that cannot be had
#   kafka.sh start    jars (once, into the cache), format, start, wait until ready; prints the address
#   kafka.sh stop     end it in peace
#   kafka.sh wipe     end it at once and remove its data; the jars stay
# Environment: KAFKA_DATA (required, but for jars), KAFKA_PORT (19092), KAFKA_CTRL_PORT (one more), KAFKA_VERSION,
# KAFKA_CACHE, KAFKA_HEAP (512m), KAFKA_FETCH_S and KAFKA_READY_S (300), KAFKA_OWNER (a pid: Kafka ends with it).
set -euo pipefail

version=${KAFKA_VERSION:-4.1.2}
cache=${KAFKA_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/hallwatch-tests/kafka-$version}
[ "${1:-}" = jars ] || : "${KAFKA_DATA:?say where its data goes}"
data=${KAFKA_DATA:-}
port=${KAFKA_PORT:-19092}
control=${KAFKA_CTRL_PORT:-$((port + 1))}
heap=${KAFKA_HEAP:-512m}
fetch_seconds=${KAFKA_FETCH_S:-300}
ready_seconds=${KAFKA_READY_S:-300}
libs=$cache/libs
settings=$data/server.properties
told=$data/kafka.out

# The pid that was written down, if it still is this very broker: a pid may have been given to somebody else.
running() {
  local pid
  pid=$(cat "$data/pid" 2>/dev/null) && [ -r "/proc/$pid/cmdline" ] || return 1
  tr '\0' ' ' <"/proc/$pid/cmdline" 2>/dev/null | grep -qF "kafka.Kafka $settings" && echo "$pid"
}

answers() { (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; }

# Jars come to a folder of their own and get their name when they are complete: two starts may meet here.
jars() {
  [ -d "$libs" ] && return
  local work
  mkdir -p "$cache"
  work=$(mktemp -d "$cache/fetch.XXXXXX")
  cat >"$work/pom.xml" <<POM
<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>hallwatch</groupId><artifactId>kafka-for-tests</artifactId><version>1</version><packaging>pom</packaging>
  <dependencies>
    <dependency><groupId>org.apache.kafka</groupId><artifactId>kafka_2.13</artifactId><version>$version</version></dependency>
    <!-- without it the broker says nothing, not even why it does not start -->
    <dependency><groupId>org.apache.logging.log4j</groupId><artifactId>log4j-slf4j-impl</artifactId><version>2.25.3</version></dependency>
  </dependencies>
</project>
POM
  (cd "$work" && timeout "$fetch_seconds" mvn -B -q -ntp "-Dmaven.repo.local=$cache/maven" \
    org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies -DincludeScope=runtime \
    "-DoutputDirectory=$work/libs") >&2 || { rm -rf "$work"; exit 1; }
  mv -T "$work/libs" "$libs" 2>/dev/null || [ -d "$libs" ]
  rm -rf "$work"
}

write_settings() {
  mkdir -p "$data"
  cat >"$settings" <<S
process.roles=broker,controller
node.id=1
listeners=PLAINTEXT://127.0.0.1:$port,CONTROLLER://127.0.0.1:$control
advertised.listeners=PLAINTEXT://127.0.0.1:$port
listener.security.protocol.map=PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT
controller.listener.names=CONTROLLER
controller.quorum.bootstrap.servers=127.0.0.1:$control
inter.broker.listener.name=PLAINTEXT
log.dirs=$data/logs
offsets.topic.replication.factor=1
offsets.topic.num.partitions=4
transaction.state.log.replication.factor=1
transaction.state.log.min.isr=1
transaction.state.log.num.partitions=4
share.coordinator.state.topic.replication.factor=1
share.coordinator.state.topic.min.isr=1
share.coordinator.state.topic.num.partitions=1
# a group forms at once, a dead worker may be noticed soon, and no topic comes into being by a slip
group.initial.rebalance.delay.ms=0
group.min.session.timeout.ms=1000
auto.create.topics.enable=false
num.network.threads=2
num.io.threads=2
S
  cat >"$data/log4j2.properties" <<'S'
status = warn
appender.c.type = Console
appender.c.name = C
appender.c.layout.type = PatternLayout
appender.c.layout.pattern = [%d] %p %m (%c{1})%n
rootLogger.level = info
rootLogger.appenderRef.c.ref = C
S
}

run_java() {
  exec java -Djava.awt.headless=true "-Dlog4j2.configurationFile=file:$data/log4j2.properties" -cp "$libs/*" "$@"
}

try() {
  jars
  java -XX:TieredStopAtLevel=1 -cp "$libs/*" kafka.tools.StorageTool random-uuid >/dev/null
}

format() {
  [ -e "$data/logs/meta.properties" ] && return
  local id
  id=$(run_java -XX:TieredStopAtLevel=1 kafka.tools.StorageTool random-uuid | tail -n 1)
  (run_java -XX:TieredStopAtLevel=1 kafka.tools.StorageTool format --standalone -t "$id" -c "$settings") \
    >"$data/format.out" 2>&1 || { cat "$data/format.out" >&2; exit 1; }
}

start() {
  if running >/dev/null; then echo "127.0.0.1:$port"; return; fi
  if answers "$port"; then echo "port $port belongs to another program" >&2; exit 1; fi
  jars
  write_settings
  format
  : >"$told"
  setsid nohup java -Djava.awt.headless=true "-Dlog4j2.configurationFile=file:$data/log4j2.properties" \
    "-Xms$heap" "-Xmx$heap" -XX:+UseG1GC -XX:MaxGCPauseMillis=20 -cp "$libs/*" kafka.Kafka "$settings" \
    >>"$told" 2>&1 </dev/null &
  local broker=$!
  echo "$broker" >"$data/pid"
  if [ -n "${KAFKA_OWNER:-}" ]; then
    (
      while kill -0 "$KAFKA_OWNER" && kill -0 "$broker"; do sleep 1; done
      if broker=$(running); then kill -KILL "$broker"; fi
    ) >/dev/null 2>&1 </dev/null &
  fi
  for ((i = 0; i < ready_seconds * 10; i++)); do
    sleep 0.1
    if grep -q 'Kafka Server started' "$told"; then echo "127.0.0.1:$port"; return; fi
    if ((i > 5)) && ! running >/dev/null; then break; fi
  done
  echo "Kafka does not come up; the end of $told:" >&2
  tail -n 20 "$told" >&2
  end KILL
  exit 1
}

# Gone means: the process is no more (or only its entry is left) and nobody answers on its port.
end() {
  local pid state
  pid=$(running) || return 0
  kill "-$1" "$pid"
  for ((i = 0; i < 300; i++)); do
    state=$(awk '/^State/ {print $2}' "/proc/$pid/status" 2>/dev/null || true)
    if { [ -z "$state" ] || [ "$state" = Z ]; } && ! answers "$port"; then rm -f "$data/pid"; return 0; fi
    sleep 0.1
  done
  kill -KILL "$pid" 2>/dev/null || true
  rm -f "$data/pid"
}

case ${1:-} in
  jars) try ;;
  start) start ;;
  stop) end TERM ;;
  wipe) end KILL && rm -rf "$data" ;;
  *) sed -n '2,9p' "$0" >&2; exit 2 ;;
esac
