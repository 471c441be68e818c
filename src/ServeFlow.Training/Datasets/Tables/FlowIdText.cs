namespace ServeFlow.Training.Datasets.Tables;

/// <summary>
/// Reads CICFlowMeter's name of a flow, <c>192.168.10.5-104.16.207.165-54865-443-6</c>: addresses, ports, protocol.
/// Some of its tables have no other column for them.
/// </summary>
static class FlowIdText
{
    const int Parts = 5;

    /// <summary>Finds a part of the five-tuple in a flow's name.</summary>
    public static bool TryFind(string text, TableField field, out string value)
    {
        var parts = text.Split('-');
        var place = field switch
        {
            TableField.Source => 0,
            TableField.Destination => 1,
            TableField.SourcePort => 2,
            TableField.DestinationPort => 3,
            TableField.Protocol => 4,
            _ => -1,
        };
        value = parts.Length == Parts && place >= 0 ? parts[place].Trim() : "";
        return value.Length > 0;
    }
}
