using ServeFlow.Cascade.Scoring;

namespace ServeFlow.Cascade;

/// <summary>
/// Numbers the plans that a process answers by, so that each record and each decided flow can tell whose answer it has,
/// also when that plan answers no more. A plan that comes back has its number again. What is kept of a plan are its
/// words, and its models go. Any thread may ask and add.
/// </summary>
public sealed class ServedPlans
{
    /// <summary>Limits the answers, tiers by labels of all plans, that a decided flow's state can tell apart.</summary>
    public const int MaxCodes = 1 << 20;

    /// <summary>Limits the names of tiers that are counted apart.</summary>
    public const int MaxTiers = 64;

    readonly Lock gate = new();
    Entry[] entries;
    string[] tierNames;
    string[] tierTasks;
    string[] labels;
    string[] labelTasks;
    CascadePlan counted;

    /// <param name="first">The plan that answers first; its number is 0.</param>
    /// <param name="key">Tells contents apart: the hash of the manifest.</param>
    public ServedPlans(CascadePlan first, string key = "")
    {
        tierNames = [.. first.Tiers.Select(tier => tier.Name)];
        tierTasks = [.. tierNames.Select(_ => first.Task)];
        labels = [.. first.Labels];
        labelTasks = [.. labels.Select(_ => first.Task)];
        counted = WithoutModels(first);
        entries = [new(key, counted, new(0, labels.Length), Places(tierNames), Places(labels))];
    }

    /// <summary>Numbers the plans of several tasks in their order: a task's first plan has its number.</summary>
    /// <param name="tasks">The plan that answers each task first, at least one.</param>
    /// <param name="keys">Tell contents apart, in the order of <paramref name="tasks"/>.</param>
    public static ServedPlans FromTasks(IReadOnlyList<CascadePlan> tasks, IReadOnlyList<string> keys)
    {
        var plans = new ServedPlans(tasks[0], KeyOf(tasks[0], keys[0]));
        for (var task = 1; task < tasks.Count; task++)
        {
            plans.Add(tasks[task], keys[task]);
        }

        plans.Tasks = tasks.Count;
        return plans;
    }

    /// <summary>Gets the number of tasks; the plans of as many first numbers began to answer them.</summary>
    public int Tasks { get; private set; } = 1;

    /// <summary>Gets the number of plans.</summary>
    public int Count => Volatile.Read(ref entries).Length;

    /// <summary>
    /// Gets the names of all tiers, in the order in which they came; counts by tier are in that order.
    /// </summary>
    public IReadOnlyList<string> TierNames => Volatile.Read(ref tierNames);

    /// <summary>Gets the task of each of <see cref="TierNames"/>: tiers of two tasks are counted apart.</summary>
    public IReadOnlyList<string> TierTasks => Volatile.Read(ref tierTasks);

    /// <summary>Gets the task of each of <see cref="Labels"/>: labels of two tasks are counted apart.</summary>
    public IReadOnlyList<string> LabelTasks => Volatile.Read(ref labelTasks);

    /// <summary>
    /// Gets the labels of all plans, in the order in which they came; counts by label are in that order.
    /// </summary>
    public IReadOnlyList<string> Labels => Volatile.Read(ref labels);

    /// <summary>
    /// Gets the words of the first plan with every tier and label that has come, in the order of the counts.
    /// </summary>
    public CascadePlan Counted => Volatile.Read(ref counted);

    /// <summary>Gets the words of a plan; its tiers cannot score.</summary>
    public CascadePlan this[int model] => Volatile.Read(ref entries)[model].Words;

    /// <summary>Gets the number of a plan, which is a new one for content that was not there before.</summary>
    /// <exception cref="InputException">There were too many for one process.</exception>
    public int Add(CascadePlan plan, string key)
    {
        lock (gate)
        {
            key = KeyOf(plan, key);
            var known = Array.FindIndex(entries, entry => entry.Key == key);
            if (known >= 0)
            {
                return known;
            }

            var (codes, names, numbers) = FindRoom(plan);
            var words = WithoutModels(plan);
            var (all, labelNumbers) = NumberLabels(plan);
            Volatile.Write(ref tierTasks, [.. tierTasks, .. names.Skip(tierTasks.Length).Select(_ => plan.Task)]);
            Volatile.Write(ref tierNames, names);
            Volatile.Write(ref labelTasks, [.. labelTasks, .. all.Skip(labelTasks.Length).Select(_ => plan.Task)]);
            Volatile.Write(ref labels, all);
            Volatile.Write(ref counted, counted with
            {
                Labels = all,
                Tiers = [.. counted.Tiers, .. words.Tiers.Where((_, i) => numbers[i] >= counted.Tiers.Count)],
            });
            Volatile.Write(ref entries, [.. entries, new(key, words, codes, numbers, labelNumbers)]);
            return entries.Length - 1;
        }
    }

    /// <summary>Checks that a plan could be added, and adds nothing.</summary>
    /// <exception cref="InputException">There were too many for one process.</exception>
    public void Check(CascadePlan plan, string key)
    {
        lock (gate)
        {
            if (Find(key, plan.Task) < 0)
            {
                FindRoom(plan);
            }
        }
    }

    /// <summary>Gets the number of the plan that was added under a key; −1 where none was.</summary>
    /// <param name="task">The task that it answers; empty where there is one.</param>
    public int Find(string key, string task = "") =>
        Array.FindIndex(Volatile.Read(ref entries), entry => entry.Key == KeyOf(task, key));

    /// <summary>Gets the codes of a plan's answers.</summary>
    internal AnswerCodes CodesOf(int model) => Volatile.Read(ref entries)[model].Codes;

    /// <summary>Gets the places of a plan's tiers in <see cref="TierNames"/>.</summary>
    internal int[] TierNumbersOf(int model) => Volatile.Read(ref entries)[model].TierNumbers;

    /// <summary>Gets the places of a plan's labels in <see cref="Labels"/>.</summary>
    internal int[] LabelNumbersOf(int model) => Volatile.Read(ref entries)[model].LabelNumbers;

    /// <summary>Gets the number of the plan that a code belongs to.</summary>
    internal int FindModel(int code, out AnswerCodes codes)
    {
        var all = Volatile.Read(ref entries);
        var model = all.Length - 1;
        while (all[model].Codes.First > code)
        {
            model--;
        }

        codes = all[model].Codes;
        return model;
    }

    /// <summary>Finds codes for the answers of a new plan, and numbers its tiers. Under the gate.</summary>
    (AnswerCodes Codes, string[] Names, int[] Numbers) FindRoom(CascadePlan plan)
    {
        var last = entries[^1];
        var first = last.Codes.First + last.Codes.Count(last.Words.Tiers.Count);
        var codes = new AnswerCodes(first, plan.Labels.Count);
        var (names, numbers) = NumberTiers(plan);
        return first + codes.Count(plan.Tiers.Count) <= MaxCodes && names.Length <= MaxTiers
            && entries.Length <= ushort.MaxValue ? (codes, names, numbers)
            : throw new InputException($"{plan.Name} {plan.Version}: {entries.Length} models have answered since the "
                + "start, and this one would exceed what can be told apart: restart the sensor");
    }

    /// <summary>Labels of one name are counted together where they are answers to one task.</summary>
    (string[] Labels, int[] Numbers) NumberLabels(CascadePlan plan)
    {
        var all = labels.ToList();
        var places = new Dictionary<string, int>();
        for (var place = 0; place < all.Count; place++)
        {
            if (labelTasks[place] == plan.Task)
            {
                places.TryAdd(all[place], place);
            }
        }

        foreach (var label in plan.Labels)
        {
            if (places.TryAdd(label, all.Count))
            {
                all.Add(label);
            }
        }

        return ([.. all], [.. plan.Labels.Select(label => places[label])]);
    }

    /// <summary>
    /// Tiers of one name are counted together where they answer one task; the same name twice in one plan is two tiers.
    /// </summary>
    (string[] Names, int[] Numbers) NumberTiers(CascadePlan plan)
    {
        var names = tierNames.ToList();
        var numbers = new int[plan.Tiers.Count];
        for (var tier = 0; tier < numbers.Length; tier++)
        {
            var number = Enumerable.Range(0, names.Count).FirstOrDefault(
                place => names[place] == plan.Tiers[tier].Name && !numbers.AsSpan(0, tier).Contains(place)
                    && (place >= tierTasks.Length || tierTasks[place] == plan.Task), -1);
            if (number < 0)
            {
                number = names.Count;
                names.Add(plan.Tiers[tier].Name);
            }

            numbers[tier] = number;
        }

        return ([.. names], numbers);
    }

    /// <summary>One bundle may answer two tasks, by other names.</summary>
    static string KeyOf(CascadePlan plan, string key) => KeyOf(plan.Task, key);

    static string KeyOf(string task, string key) => task.Length == 0 ? key : $"{task}\0{key}";

    static int[] Places(string[] names) => [.. Enumerable.Range(0, names.Length)];

    static CascadePlan WithoutModels(CascadePlan plan) => plan with
    {
        Tiers =
        [
            .. plan.Tiers.Select(tier => tier with
            {
                Compiled = new ReleasedModel(tier.Compiled.Classes, tier.Compiled.EngineName),
                EscalationTimeouts = null,
                Gain = null,
            }),
        ],
    };

    sealed record Entry(string Key, CascadePlan Words, AnswerCodes Codes, int[] TierNumbers,
        int[] LabelNumbers);

    /// <summary>Stands for a model that was let go of.</summary>
    sealed record ReleasedModel(int Classes, string EngineName) : ITierModel
    {
        public long MemoryBytes => 0;

        public ModelWork Work => default!;

        public IBatchScorer CreateScorer() => throw new InvalidOperationException("the words of a plan cannot score");
    }
}
