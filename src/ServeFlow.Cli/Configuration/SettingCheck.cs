namespace ServeFlow.Cli.Configuration;

/// <summary>Checks a configuration against the table of settings, and finds everything that is wrong with it.</summary>
/// <param name="place">Where the values stand, before each key: empty, or an item of a list.</param>
sealed class SettingCheck(SettingTable table, List<ConfigurationError> errors, string place = "")
{
    /// <summary>Gets the values that a configuration gives; those that are wrong are left out.</summary>
    public IReadOnlyList<SettingValue> Run(MapNode root)
    {
        var values = new List<SettingValue>();
        foreach (var (key, node) in root.Entries)
        {
            if (table.HasSection(key))
            {
                ReadSection(key, node, values);
            }
            else
            {
                Read(key, node, values);
            }
        }

        return values;
    }

    void ReadSection(string name, ConfigurationNode node, List<SettingValue> values)
    {
        switch (node)
        {
            case MapNode section:
                foreach (var (key, value) in section.Entries)
                {
                    Read($"{name}.{key}", value, values);
                }

                break;
            case ScalarNode { Text: null }:
                break;
            default:
                Add(node.Origin, name, $"is a section: give settings under it, such as "
                    + table.Rows.First(row => row.Section == name).Name);
                break;
        }
    }

    void Read(string key, ConfigurationNode node, List<SettingValue> values)
    {
        if (table.Find(key) is not { } row)
        {
            Add(node.Origin, key, "is no setting; " + (table.Nearest(key) is { } near ? $"did you mean '{near}'?"
                : $"there are {string.Join(", ", table.TopLevel)}"));
        }
        else if (node is not ScalarNode { Text: null } && Words(row, node) is { } words && AreValid(row, node, words))
        {
            values.Add(new(row, words, node.Origin)
            {
                Items = row.Items is not null && node is ListNode list ? [.. list.Items.Select(item => item.Origin)]
                    : [],
            });
        }
    }

    /// <summary>Gets the words of a value; null where it has the wrong shape, which is told.</summary>
    List<string>? Words(SettingRow row, ConfigurationNode node)
    {
        if (row.Items is { } items)
        {
            return Items(row, items, node);
        }

        var scalars = node is ListNode list && row.IsList ? list.Items : [node];
        if (scalars.FirstOrDefault(item => item is not ScalarNode { Text: not null }) is { } wrong)
        {
            Add(wrong.Origin, row.Key, wrong is ScalarNode ? "an item is empty: leave it out"
                : row.IsList ? "is a list of words: give [a, b]" : "is a single value: give one, not several");
            return null;
        }

        return [.. scalars.Select(item => ((ScalarNode)item).Text!)];
    }

    List<string>? Items(SettingRow row, SettingTable items, ConfigurationNode node)
    {
        if (node is not ListNode list)
        {
            Add(node.Origin, row.Key, "is a list: begin each item with a dash, such as '- format: eve'");
            return null;
        }

        var words = new List<string>();
        foreach (var (i, item) in list.Items.Index())
        {
            var name = $"{place}{row.Key}[{i}]";
            if (item is not MapNode map)
            {
                errors.Add(new(item.Origin, name, $"{name}: has no settings: give {items.Rows[0].Name}, "
                    + $"{items.Rows[1].Name} and others"));
                continue;
            }

            var before = errors.Count;
            var given = new SettingCheck(items, errors, $"{name}.").Run(map);
            if (errors.Count == before)
            {
                new SettingMerge(items, given).AddRuleErrors(errors, $"{name}.", map.Origin);
            }

            words.Add(NodeText.Format(map));
        }

        return words;
    }

    /// <summary>Asks the option itself whether it takes the words.</summary>
    bool AreValid(SettingRow row, ConfigurationNode node, List<string> words)
    {
        if (words.Exists(string.IsNullOrWhiteSpace))
        {
            Add(node.Origin, row.Key, "is empty: give a value, or leave the setting out");
            return false;
        }

        if (row.IsSwitch && !(words.Count == 1 && bool.TryParse(words[0], out _)))
        {
            Add(node.Origin, row.Key, $"'{InputException.Quote(words[0])}': give true or false", " ");
            return false;
        }

        if (row.Items is not null || row.Symbol is System.CommandLine.Argument)
        {
            return true;
        }

        return AsksOption(row, node, words);
    }

    bool AsksOption(SettingRow row, ConfigurationNode node, List<string> words)
    {
        var arguments = new SettingValue(row, words, node.Origin).Arguments.ToArray();
        var wrong = table.Complaints(row, arguments).Select(text => new ConfigurationError(node.Origin, place + row.Key,
            SettingMerge.Spell(text, row, place))).ToList();
        errors.AddRange(wrong);
        return wrong.Count == 0;
    }

    void Add(Origin origin, string key, string message, string colon = ": ")
    {
        var name = place + InputException.Quote(key);
        errors.Add(new(origin, name, $"{name}{colon}{message}"));
    }
}
