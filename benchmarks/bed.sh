#!/usr/bin/env bash
# Kills, pauses, cuts off and heals each node of a cluster of three workers, two sensors and Redis, over and over, and
# checks that every flow is answered once: the test of the same name, in as many rounds as the first argument says (20).
# A round takes about a minute. Takes root and redis-server, and a build of the tests.
set -euo pipefail
cd "$(dirname "$0")/.."
SERVEFLOW_BED_ROUNDS=${1:-20} exec artifacts/bin/ServeFlow.Cli.Tests/release/ServeFlow.Cli.Tests -class '*ClusterBedTests'
