using System.Text;
using ServeFlow.Features;
using ServeFlow.Models;

namespace ServeFlow.Cascade.Scoring;

/// <summary>LightGBM's text.</summary>
sealed class LightGbmFormat : IModelFormat
{
    public string Name => ModelFormats.LightGbm;

    public string Extension => ".txt";

    public bool MatchesStart(ReadOnlySpan<byte> file) => file.StartsWith("tree\n"u8) || file.StartsWith("tree\r\n"u8);

    public IModelFile Read(byte[] file, string name) =>
        new ForestFile(LightGbmText.Read(Encoding.UTF8.GetString(file), name), name);
}

/// <summary>A forest, whatever format it was read from.</summary>
/// <param name="name">What errors call it: its path.</param>
sealed class ForestFile(Forest forest, string name) : IModelFile
{
    public int Classes => forest.Classes;

    public int Columns => forest.ColumnNames.Count;

    public IReadOnlyList<string> ColumnNames => forest.HasPositionalNames ? [] : forest.ColumnNames;

    public IReadOnlyList<KeyValuePair<string, string>> Facts =>
    [
        new("trees", $"{forest.Trees.Count}"),
        new("leaves", $"{forest.Trees.Sum(tree => (long)tree.LeafValues.Length)}"),
        new("columns_used", $"{forest.UsedColumns.Count}"),
    ];

    public ITierModel Bind(FeatureSchema schema, int depth) =>
        new CompiledModel(forest, schema, depth, name, ScoringEngines.FromEnvironment(), prepare: false);
}
