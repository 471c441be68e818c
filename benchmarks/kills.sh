#!/usr/bin/env bash
# Kills a sensor at random points, with the same spool and receiver each time, and checks that every record that it had
# counted as spooled arrives, and that what arrives twice is known by its id: the test of the same name, with as many
# kills as the first argument says (1000). A kill takes about a second. Takes a build of the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
SERVEFLOW_KILL_ROUNDS=${1:-1000} exec artifacts/bin/ServeFlow.Cli.Tests/release/ServeFlow.Cli.Tests \
  -class '*KilledSensorTests' -showLiveOutput
