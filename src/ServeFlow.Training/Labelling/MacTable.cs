using ServeFlow.Training.Datasets.Labels;
using ServeFlow.Training.Datasets.Tables;

namespace ServeFlow.Training.Labelling;

/// <summary>
/// Labels flows by the device that sent or received them: a CSV with the columns <c>mac</c> and <c>label</c>. Of two
/// listed devices, the one that sent the flow's first packet counts.
/// </summary>
sealed class MacTable : ILabelSource
{
    readonly Dictionary<MacAddress, string> labels = [];
    int seen;
    int withoutMac;

    MacTable(string path) => Name = path;

    public string Name { get; }

    public bool Contradicts => true;

    public IEnumerable<string> Notes => withoutMac == seen && seen > 0
        ? ["no flow has a MAC address: the labels file lacks src_mac and dst_mac, or the captures are not of Ethernet"]
        : [];

    public RecordCounts? Records => null;

    /// <exception cref="InputException">The file cannot be read, or a line is no MAC address and label.</exception>
    public static MacTable Read(string path)
    {
        try
        {
            using var text = TableFile.OpenText(path, "give a CSV with the columns mac,label");
            var table = new MacTable(path);
            table.Fill(new SeparatedTable(text, path));
            return table;
        }
        catch (Exception e) when (e.IsFileFailure)
        {
            throw new InputException($"{path}: the MAC table cannot be read: {e.Message}", e);
        }
    }

    public string? Find(SheetRow flow, int row)
    {
        seen++;
        withoutMac += flow.SourceMac is null && flow.DestinationMac is null ? 1 : 0;
        return flow.SourceMac is { } source && labels.TryGetValue(source, out var label)
            || flow.DestinationMac is { } destination && labels.TryGetValue(destination, out label) ? label : null;
    }

    void Fill(SeparatedTable table)
    {
        var names = table.Columns.Names.Select(FieldNames.Normalize).ToList();
        var mac = names.FindIndex(name => name is "mac" or "macaddress" or "device");
        var label = names.FindIndex(name => name is "label" or "name" or "class");
        if (mac < 0 || label < 0)
        {
            throw new InputException($"{Name}:1: no column 'mac' or 'label'; give a CSV with the columns mac,label");
        }

        while (table.TryRead())
        {
            Add(table.Fields[mac].Trim(), table.Fields[label].Trim(), table.Line);
        }
    }

    void Add(string mac, string label, int line)
    {
        if (!MacAddress.TryParse(mac, out var address))
        {
            throw new InputException($"{Name}:{line}: '{InputException.Quote(mac)}' is no MAC address; use "
                + "00:17:88:01:02:03");
        }

        if (label.Length == 0)
        {
            throw new InputException($"{Name}:{line}: the label is empty; give the device one, or remove the line");
        }

        LabelText.Check(label, $"{Name}:{line}", LabelFile.LabelRemedy);
        if (!labels.TryAdd(address, label) && labels[address] != label)
        {
            throw new InputException($"{Name}:{line}: {address} has another label above; remove one");
        }
    }
}
