#!/usr/bin/env bash
# Measures this machine and writes what it found to benchmarks/results/<processor>/. Takes about ten minutes; nothing
# else should run meanwhile. Needs what the README's first command needs.
set -euo pipefail
cd "$(dirname "$0")/.."
serveflow=artifacts/bin/ServeFlow.Cli/release/serveflow

dotnet build -c Release -v q src/ServeFlow.Cli
dotnet build -c Release -v q benchmarks/ServeFlow.Benchmarks

name=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
isa=$(grep -qw avx512_vbmi /proc/cpuinfo && echo avx512 || { grep -qw avx2 /proc/cpuinfo && echo avx2 || echo other; })
slug=$(echo "$name $isa" | tr '[:upper:]' '[:lower:]' | tr -cs 'a-z0-9\n' '-' | sed 's/-$//')
out=benchmarks/results/$slug
mkdir -p "$out"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

about() {
  echo "processor  $name, $(nproc) cores, $isa"
  echo "system     $(uname -sr)"
  echo "sdk        $(dotnet --version)"
  echo "commit     $(git rev-parse --short HEAD)$(git diff --quiet HEAD -- src benchmarks/ServeFlow.Benchmarks || echo ' with changes')"
  echo "date       $(date -u +%F)"
}

say() { echo "── $*" >&2; }

about > "$out/machine.txt"

say "a cascade of dt@1, lgbm@1, lgbm@10"
"$serveflow" synth --out "$work/synthetic" > "$work/synth.txt"
"$serveflow" train -r "$work/synthetic" --labels "$work/synthetic/labels.csv" -o "$work/bundle" \
  --models dt,lgbm --depths 1,10 --tiers dt@1,lgbm@1,lgbm@10 --json > "$out/train.json"

say "models"
"$serveflow" bench model --json > "$out/model.json"
"$serveflow" bench model | sed '/^\[/d' > "$out/model.txt"

for packets in 1 10; do
  for workers in 1 2; do
    for sink in null eve; do
      say "rate: $packets packets a flow, $workers workers, $sink sink"
      "$serveflow" bench rate "$work/bundle" --packets-per-flow "$packets" --workers "$workers" --sink "$sink" --json \
        > "$out/rate-$packets-packets-$workers-workers-$sink.json"
    done
  done
done

say "latency"
"$serveflow" bench latency "$work/bundle" --json > "$out/latency.json"

say "rooms"
dotnet run --no-build -c Release --project benchmarks/ServeFlow.Benchmarks > "$work/rooms.log"
{ echo '```'; about; echo '```'; echo; cat artifacts/benchmarks/rooms.md; } > "$out/rooms.md"

echo "$out"
