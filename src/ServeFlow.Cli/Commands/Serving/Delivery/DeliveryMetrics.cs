using ServeFlow.Serving.Sensors;
using ServeFlow.Service;
using ServeFlow.Sinks.Delivery;

namespace ServeFlow.Cli.Commands.Serving.Delivery;

/// <summary>Provides the metrics of records that are delivered; none where no output is.</summary>
static class DeliveryMetrics
{
    public static IEnumerable<MetricFamily> Read(IReadOnlyList<SinkStatistics> sinks)
    {
        var delivered = sinks.Where(sink => sink.Delivery is not null).ToList();
        return delivered.Count == 0 ? [] :
        [
            MetricFamily.Counter("serveflow_records_spooled", "Records that reached the spool's disk.",
                Points(sink => sink.Spool.Spooled)),
            MetricFamily.Counter("serveflow_records_delivered", "Spooled records that the receiver has.",
                Points(sink => sink.Spool.Delivered)),
            MetricFamily.Counter("serveflow_records_dropped",
                "Spooled records that no receiver will have: the spool was full, or its disk damaged them.",
                [.. delivered.SelectMany(sink => new[]
                {
                    new MetricPoint(sink.Delivery!.Spool.Dropped, [new("sink", sink.Name), new("reason", "full")]),
                    new MetricPoint(sink.Delivery!.Spool.Damaged, [new("sink", sink.Name), new("reason", "damaged")]),
                })]),
            MetricFamily.Counter("serveflow_delivery_failures", "Attempts to deliver that failed.",
                Points(sink => sink.Failures)),
            MetricFamily.Gauge("serveflow_delivery_failing", "1 where the receiver cannot be reached now, else 0.",
                Points(sink => sink.IsFailing ? 1 : 0)),
            MetricFamily.Gauge("serveflow_spool_waiting_records",
                "Spooled records, also of earlier runs, that the receiver is not known to have.",
                Points(sink => sink.Spool.Waiting)),
            MetricFamily.Gauge("serveflow_spool_unconfirmed_records", "Those of them that were sent.",
                Points(sink => sink.Spool.Unconfirmed)),
            MetricFamily.Gauge("serveflow_spool_bytes", "Bytes of the spool.", Points(sink => sink.Spool.Bytes)),
            MetricFamily.Gauge("serveflow_spool_limit_bytes", "The most bytes that the spool may have.",
                Points(sink => sink.Spool.MaxBytes)),
        ];

        IReadOnlyList<MetricPoint> Points(Func<DeliveryStatistics, double> read) =>
            [.. delivered.Select(sink => MetricPoint.From("sink", sink.Name, read(sink.Delivery!)))];
    }
}
