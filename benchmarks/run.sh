#!/usr/bin/env bash
# Measures this machine and writes what it found to benchmarks/results/<processor>/. Takes about ten minutes; nothing
# else should run meanwhile. Some parts only: benchmarks/run.sh model rate. Needs what the README's first command needs.
set -euo pipefail
cd "$(dirname "$0")/.."
serveflow=artifacts/bin/ServeFlow.Cli/release/serveflow
work=artifacts/benchmarks
bundle=$work/bundle
parts=${*:-build bundle model rate latency rooms scale}

name=$(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)
isa=$(grep -qw avx512vbmi /proc/cpuinfo && echo avx512 || { grep -qw avx2 /proc/cpuinfo && echo avx2 || echo other; })
slug=$(echo "$name $isa" | sed 's/([A-Za-z]*)//g' | tr '[:upper:]' '[:lower:]' | tr -cs 'a-z0-9\n' '-' | sed 's/-$//')
out=benchmarks/results/$slug
mkdir -p "$out" "$work"

about() {
  local changed=
  git diff --quiet HEAD -- src benchmarks/ServeFlow.Benchmarks || changed=' with changes'
  echo "processor  $name, $(nproc) cores, $isa"
  echo "system     $(uname -sr)"
  echo "sdk        $(dotnet --version)"
  echo "commit     $(git rev-parse --short HEAD)$changed"
  echo "date       $(date -u +%F)"
}

build() {
  dotnet build -c Release -v q src/ServeFlow.Cli
  dotnet build -c Release -v q benchmarks/ServeFlow.Benchmarks
}

# The cascade that rate and latency run: dt@1, lgbm@1, lgbm@10.
bundle() {
  rm -rf "$work/synthetic" "$bundle"
  "$serveflow" synth --out "$work/synthetic" --json > "$work/synth.json"
  "$serveflow" train -r "$work/synthetic" --labels "$work/synthetic/labels.csv" -o "$bundle" \
    --models dt,lgbm --depths 1,10 --tiers dt@1,lgbm@1,lgbm@10 --json > "$out/train.json"
}

model() {
  "$serveflow" bench model --json > "$out/model.json"
  for tier in dt-1 lgbm-1 lgbm-10; do
    "$serveflow" bench model --model "$bundle/1/$tier.txt" -r "$work/synthetic" --json > "$out/model-$tier.json"
  done
}

rate() {
  local packets workers sink
  for packets in 1 10; do
    for workers in 1 2; do
      for sink in null eve; do
        "$serveflow" bench rate "$bundle" --packets-per-flow "$packets" --workers "$workers" --sink "$sink" --json \
          > "$out/rate-$packets-packets-$workers-workers-$sink.json"
      done
    done
  done
}

latency() {
  "$serveflow" bench latency "$bundle" --json > "$out/latency.json"
}

rooms() {
  dotnet run --no-build -c Release --project benchmarks/ServeFlow.Benchmarks > "$work/rooms.log"
  { echo '```'; about; echo '```'; echo; cat "$work/rooms.md"; } > "$out/rooms.md"
}

# What the measured points come to for many machines.
scale() {
  dotnet run --no-build -c Release --project benchmarks/ServeFlow.Benchmarks -- scale --json > "$work/scale.json"
  cp "$work/scale.json" benchmarks/results/simulation/scale.json
}

for part in $parts; do
  echo "── $part" >&2
  "$part"
done

about > "$out/machine.txt"
dotnet run --no-build -c Release --project benchmarks/ServeFlow.Benchmarks -- figures
echo "$out"
