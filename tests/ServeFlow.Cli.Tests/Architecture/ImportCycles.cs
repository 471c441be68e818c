namespace ServeFlow.Cli.Tests.Architecture;

/// <summary>Cycles of a graph of imports.</summary>
sealed class ImportCycles
{
    readonly ILookup<string, string> imports;
    readonly Dictionary<string, int> numbers = [];
    readonly Stack<string> open = [];
    readonly List<string> cycles = [];

    ImportCycles(IEnumerable<(string From, string To)> imports) =>
        this.imports = imports.ToLookup(import => import.From, import => import.To);

    /// <summary>Finds each group of namespaces that reach each other, as one line (Tarjan's algorithm).</summary>
    public static IReadOnlyList<string> Find(IReadOnlyCollection<(string From, string To)> imports)
    {
        var search = new ImportCycles(imports);
        foreach (var (from, _) in imports)
        {
            if (!search.numbers.ContainsKey(from))
            {
                search.Visit(from);
            }
        }

        return search.cycles;
    }

    /// <returns>The lowest number that is reached from here and still open.</returns>
    int Visit(string name)
    {
        var own = numbers[name] = numbers.Count;
        var lowest = own;
        open.Push(name);
        foreach (var next in imports[name])
        {
            lowest = Math.Min(lowest, !numbers.TryGetValue(next, out var known) ? Visit(next)
                : open.Contains(next) ? known : lowest);
        }

        if (lowest == own)
        {
            Close(name);
        }

        return lowest;
    }

    void Close(string first)
    {
        var members = new List<string>();
        do
        {
            members.Add(open.Pop());
        }
        while (members[^1] != first);

        if (members.Count > 1)
        {
            cycles.Add(string.Join(", ", members.Order()));
        }
    }
}
