using ServeFlow.Cascade.Drift;
using ServeFlow.Cascade.Scoring;
using ServeFlow.Features;

namespace ServeFlow.Training.Drift;

/// <summary>Represents a question of trees: whether a column is above a threshold.</summary>
/// <param name="Column">The column's number.</param>
/// <param name="Threshold">The value that it is compared with.</param>
readonly record struct TreeQuestion(int Column, double Threshold)
{
    /// <summary>Finds the questions that tiers ask most about the first tier's packets: every flow has these. A column
    /// is asked about once, by its most frequent threshold. Models that are no forests ask nothing.</summary>
    /// <param name="depth">The packets that the first tier waits for.</param>
    /// <returns>At most <see cref="DriftBaseline.MaxQuestions"/>, by rising column.</returns>
    public static IReadOnlyList<TreeQuestion> FindMostAsked(IEnumerable<ITierModel> models, FeatureSchema schema,
        int depth)
    {
        var counts = new Dictionary<TreeQuestion, int>();
        foreach (var forest in models.OfType<CompiledModel>().Select(model => model.Forest))
        {
            foreach (var tree in forest.Trees)
            {
                for (var node = 0; node < tree.Columns.Length; node++)
                {
                    if (schema.TryFindColumn(forest.ColumnNames[tree.Columns[node]], depth, out var column))
                    {
                        var question = new TreeQuestion(column, tree.Thresholds[node]);
                        counts[question] = counts.GetValueOrDefault(question) + 1;
                    }
                }
            }
        }

        return
        [
            .. counts.GroupBy(asked => asked.Key.Column)
                .Select(column => (Asked: column.Sum(asked => asked.Value), Question: column
                    .OrderByDescending(asked => asked.Value).ThenBy(asked => asked.Key.Threshold).First().Key))
                .OrderByDescending(column => column.Asked).ThenBy(column => column.Question.Column)
                .Take(DriftBaseline.MaxQuestions).Select(column => column.Question)
                .OrderBy(question => question.Column),
        ];
    }
}
