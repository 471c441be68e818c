using ServeFlow.Features;

namespace ServeFlow.Training.Audits;

/// <summary>
/// An audit's flows as seen by a model that is shown one group of identifying fields and nothing else; and the same
/// without the fields' values, where all that is left is which headers there are.
/// </summary>
sealed record IdentifierView(AuditFlows Values, AuditFlows Presence)
{
    /// <summary>NOP NOP kind 8 length 10, and room for the values: how nearly every stack aligns the option.</summary>
    static readonly byte[] AlignedTimestamps = [1, 1, 8, 10, 0, 0, 0, 0, 0, 0, 0, 0];

    const int TcpHeader = 20;

    /// <param name="schema">Whose feature set is looked at.</param>
    /// <param name="fields">Names as <see cref="RecordField"/> has them.</param>
    /// <returns>Null where the feature set has none of the fields.</returns>
    public static IdentifierView? From(AuditFlows flows, FeatureSchema schema, IReadOnlyCollection<string> fields) =>
        fields.Contains(RecordField.Timestamps)
        ? FromTimestamps(flows, schema)
        : FromHeaderFields(flows, schema, fields);

    static IdentifierView? FromHeaderFields(AuditFlows flows, FeatureSchema schema, IReadOnlyCollection<string> fields)
    {
        if (NarrowSchema.Create(schema, fields) is not { } narrow)
        {
            return null;
        }

        var readers = fields.Select(RecordField.FromName).ToArray();
        var values = flows.With(narrow);
        return new(values, values.With((ref HeaderRecord record) =>
        {
            foreach (var field in readers)
            {
                if (field.IsPresent(record))
                {
                    field.Clear(ref record);
                }
            }
        }));
    }

    /// <summary>Timestamps stand among other options, so every packet gets options that hold nothing else.</summary>
    static IdentifierView? FromTimestamps(AuditFlows flows, FeatureSchema schema)
    {
        if (NarrowSchema.Create(schema, ["tcp_opt"]) is not { } narrow)
        {
            return null;
        }

        var seen = flows.With(narrow);
        return new(seen.With((ref HeaderRecord record) => Align(ref record, withValues: true)),
            seen.With((ref HeaderRecord record) => Align(ref record, withValues: false)));
    }

    static void Align(ref HeaderRecord record, bool withValues)
    {
        var field = RecordField.FromName(RecordField.Timestamps);
        var aligned = record;
        Span<byte> bits = aligned.Bits;
        bits[(HeaderRecord.TcpOffset + TcpHeader)..HeaderRecord.UdpOffset].Clear();
        aligned.TcpLength = Math.Min(record.TcpLength, (byte)TcpHeader);
        if (field.IsPresent(record))
        {
            AlignedTimestamps.CopyTo(bits[(HeaderRecord.TcpOffset + TcpHeader)..]);
            aligned.TcpLength = (byte)(TcpHeader + AlignedTimestamps.Length);
            if (withValues)
            {
                field.Copy(record, ref aligned);
            }
        }

        record = aligned;
    }
}
