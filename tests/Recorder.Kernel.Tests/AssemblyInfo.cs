// The tests load programs, mount and attach on one kernel: one at a time.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
