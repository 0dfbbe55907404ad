module kubedrill.invalid/pause

go 1.25.0

tool kubedrill.invalid/pause
